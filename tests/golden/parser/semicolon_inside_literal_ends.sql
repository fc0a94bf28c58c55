-- +goose Up
INSERT INTO a VALUES ('one;
two');
-- +goose Down
