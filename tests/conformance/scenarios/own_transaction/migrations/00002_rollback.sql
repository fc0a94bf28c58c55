-- +goose Up
CREATE TABLE c (id int);
ROLLBACK;
CREATE TABLE d (id int);
