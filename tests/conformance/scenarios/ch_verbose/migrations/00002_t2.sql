-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE t2 (n Int32) ENGINE = MergeTree ORDER BY n;
-- +goose Down
DROP TABLE t2;
