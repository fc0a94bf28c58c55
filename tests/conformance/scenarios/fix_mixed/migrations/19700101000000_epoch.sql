-- +goose Up
CREATE TABLE t6 (id int);

-- +goose Down
DROP TABLE t6;
