CREATE TYPE e AS ENUM ('a','b','c');
CREATE TABLE t (id int PRIMARY KEY, a int, b e, "한" int);
COMMENT ON TYPE e IS 'x';
COMMENT ON TABLE t IS 'y';
COMMENT ON COLUMN t.a IS 'z';
CREATE TABLE u (id int);
