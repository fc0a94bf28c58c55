CREATE TABLE t (id text PRIMARY KEY, a uuid, b varchar(30), c text[], d bit(3), e inet, f "char", g name, h text, i text, j int);
