-- +goose Up
CREATE TABLE t13 (id int);

-- +goose Down
DROP TABLE t13;
