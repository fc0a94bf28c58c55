-- +goose Up
BEGIN;
CREATE TABLE a (id int);
COMMIT;
