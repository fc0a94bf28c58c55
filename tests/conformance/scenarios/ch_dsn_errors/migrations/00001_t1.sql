-- +goose Up
CREATE TABLE t1 (n Int32) ENGINE = MergeTree ORDER BY n;
INSERT INTO t1 VALUES (1), (2);
-- +goose Down
DROP TABLE t1;
