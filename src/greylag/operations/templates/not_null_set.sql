-- {table}.{column} becomes NOT NULL in four files. 4 of 4: the column says itself what the check said.

-- +goose Up
-- In this order: as long as the check is there it proves that there is nothing to read for SET NOT NULL.
ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;
ALTER TABLE {table} DROP CONSTRAINT {check};

-- +goose Down
-- This reads the table under a lock. Where that takes too long, add the check NOT VALID and validate it in a
-- file of its own.
ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL);
ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL;
