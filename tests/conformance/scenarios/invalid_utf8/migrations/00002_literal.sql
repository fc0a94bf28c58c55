-- +goose Up
INSERT INTO a VALUES ('éÿ');
