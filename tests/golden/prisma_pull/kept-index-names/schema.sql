CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int, d int);
CREATE UNIQUE INDEX uq_legacy ON t (a,b);
CREATE UNIQUE INDEX one ON t (c);
CREATE INDEX i1 ON t(a);
CREATE INDEX i2 ON t(b);
CREATE UNIQUE INDEX uq_cd ON t (c,d DESC);
CREATE INDEX t_d_idx ON t USING hash (d);
