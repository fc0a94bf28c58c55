-- NOT NULL in safe steps, 5 of 6: the validated check proves the column, so nothing is scanned.

-- +goose Up
ALTER TABLE users ALTER COLUMN status SET NOT NULL;

-- +goose Down
ALTER TABLE users ALTER COLUMN status DROP NOT NULL;
