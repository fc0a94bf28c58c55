-- NOT NULL in safe steps, 3 of 6: from now on every write must carry a status. NOT VALID leaves
-- the old rows unread, so the lock lasts an instant. The release of last week writes the column.

-- +goose Up
ALTER TABLE users
    ADD CONSTRAINT users_status_present CHECK (status IS NOT NULL) NOT VALID;

-- +goose Down
ALTER TABLE users DROP CONSTRAINT users_status_present;
