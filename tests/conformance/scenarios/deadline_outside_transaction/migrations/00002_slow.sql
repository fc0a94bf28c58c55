-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE s (id int);
SELECT pg_sleep(30);
