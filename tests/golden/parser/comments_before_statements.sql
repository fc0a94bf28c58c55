-- +goose Up
-- what this is for

-- and why
SELECT 1;
-- between
SELECT 2; -- behind
-- +goose Down
