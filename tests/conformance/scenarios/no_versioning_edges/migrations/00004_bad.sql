-- +goose Up
SELECT nosuch;
-- +goose Down
