-- +goose Up
SELECT 'a
b';
-- +goose Down
SELECT 2;
