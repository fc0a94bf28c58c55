-- +goose NO TRANSACTION
-- +goose Up
-- No IF NOT EXISTS: a build that fails leaves an invalid index, which it would take for the finished one.
CREATE INDEX CONCURRENTLY {index} ON {table} ({column});

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS {index_path};
