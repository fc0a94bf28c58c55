-- The copy worker asks for the oldest record that waits. Built CONCURRENTLY, so that people can go
-- on editing; that cannot run in a transaction. If the build fails, an invalid index stays behind:
-- drop it and run up again. IF NOT EXISTS would take it for a good one.

-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY idx_personal_records_copy_pending ON personal_records(created_at)
    WHERE copy_status = 'pending';

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS idx_personal_records_copy_pending;
