-- +goose Up
INSERT INTO a VALUES ('x;
y');
