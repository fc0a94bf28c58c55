-- {table}.{column} becomes NOT NULL in four files. 2 of 4: from here on no row is written without a value.
-- NOT VALID: old rows are not read, so the lock is held for a moment. It comes after the filling because it
-- refuses every UPDATE of a row that has no value yet.

-- +goose Up
ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID;

-- +goose Down
ALTER TABLE {table} DROP CONSTRAINT {check};
