-- NOT NULL in safe steps, 6 of 6: the column says it itself now, the check is paid for twice.

-- +goose Up
ALTER TABLE users DROP CONSTRAINT users_status_present;

-- +goose Down
-- This scans the table under a lock. Production never runs it: there the way back is a new migration.
ALTER TABLE users
    ADD CONSTRAINT users_status_present CHECK (status IS NOT NULL);
