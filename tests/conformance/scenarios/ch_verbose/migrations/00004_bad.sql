-- +goose Up
-- a remark
CREATE TABLE t4 (n Int32) ENGINE = MergeTree ORDER BY n;
  -- indented
INSERT INTO no_such_table VALUES (1);
-- +goose Down
SELECT 1;
