-- +goose Up
INSERT INTO c VALUES (1);
