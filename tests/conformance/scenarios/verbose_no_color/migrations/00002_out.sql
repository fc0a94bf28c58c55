-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE b (id int);
INSERT INTO b VALUES (1);
-- +goose Down
DROP TABLE b;
