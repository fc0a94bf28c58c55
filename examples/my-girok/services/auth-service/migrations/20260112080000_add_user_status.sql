-- NOT NULL in safe steps, 1 of 6: a nullable column. What old rows get depends on the row, so a
-- constant default for all of them would be wrong; the default only serves rows from now on.

-- +goose Up
ALTER TABLE users
    ADD COLUMN status VARCHAR(20),
    ALTER COLUMN status SET DEFAULT 'pending';

COMMENT ON COLUMN users.status IS 'pending (address not verified), active or suspended';

-- +goose Down
ALTER TABLE users DROP COLUMN status;
