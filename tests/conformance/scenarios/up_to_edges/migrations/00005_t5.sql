-- +goose Up
CREATE TABLE t5 (id int);

-- +goose Down
DROP TABLE t5;
