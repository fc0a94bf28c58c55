-- +goose Up
SELECT 'é';
-- +goose Down
-- é
