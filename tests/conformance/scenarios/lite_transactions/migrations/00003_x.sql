-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE d (id int);
INSERT INTO nosuch VALUES (1);
