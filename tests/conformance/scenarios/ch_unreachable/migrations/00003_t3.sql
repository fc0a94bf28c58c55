-- +goose Up
ALTER TABLE t1 ADD COLUMN s LowCardinality(String) DEFAULT 'x';
-- +goose Down
ALTER TABLE t1 DROP COLUMN s;
