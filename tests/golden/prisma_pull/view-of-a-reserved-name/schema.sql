CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW _v AS SELECT 1 id, 'x'::text "end";
COMMENT ON VIEW _v IS 'c';
