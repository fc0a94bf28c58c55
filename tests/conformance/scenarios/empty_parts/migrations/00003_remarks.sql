-- +goose Up
-- nothing here

-- +goose Down
-- nor here
