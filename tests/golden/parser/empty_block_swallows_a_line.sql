-- +goose Up
-- +goose StatementBegin
-- +goose StatementEnd
CREATE TABLE lost (id int);
CREATE TABLE kept (id int);
