-- NOT NULL in safe steps, 4 of 6: now the old rows are read, under a lock that lets reads and
-- writes pass. A file of its own, or the stronger lock of step 3 would be held through the scan.

-- +goose Up
ALTER TABLE users VALIDATE CONSTRAINT users_status_present;

-- +goose Down
-- A constraint cannot be made NOT VALID again, only made anew.
ALTER TABLE users
    DROP CONSTRAINT users_status_present,
    ADD CONSTRAINT users_status_present CHECK (status IS NOT NULL) NOT VALID;
