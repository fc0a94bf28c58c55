-- +goose Up
-- +goose StatementBegin
INSERT INTO a VALUES (1);
INSERT INTO a VALUES (2);
-- +goose StatementEnd
