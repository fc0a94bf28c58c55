-- please +goose Up
SELECT 1;
