CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text, d uuid, e timestamptz, f inet, g jsonb, h int[], i bpchar(3), j bytea, k float4, l float8, m int2, n numeric, o oid, p time, q timetz, r timestamp, s date, u bit(3), v varbit, w text);
CREATE UNIQUE INDEX z1 ON t (a DESC, b) ;
CREATE UNIQUE INDEX z2 ON t (a NULLS FIRST);
CREATE UNIQUE INDEX z3 ON t (b) INCLUDE (c);
CREATE UNIQUE INDEX z4 ON t (c) NULLS NOT DISTINCT;
CREATE INDEX z5 ON t USING gist (f inet_ops);
