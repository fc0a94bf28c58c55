-- +goose Up
BEGIN;
CREATE TABLE e (id int);
COMMIT;
