-- +goose Up
CREATE TABLE a (id int);
INSERT INTO a VALUES (1);

-- +goose Down
DROP TABLE a;
