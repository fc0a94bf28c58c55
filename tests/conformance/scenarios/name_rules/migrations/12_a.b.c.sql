-- +goose Up
CREATE TABLE t12 (id int);

-- +goose Down
DROP TABLE t12;
