-- +goose Up
CREATE TABLE t11 (id int);

-- +goose Down
DROP TABLE t11;
