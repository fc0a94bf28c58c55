-- +goose Up
-- run by +goose at night
SELECT 1;
