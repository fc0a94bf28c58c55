-- +goose Up
CREATE TABLE t8 (id int);

-- +goose Down
DROP TABLE t8;
