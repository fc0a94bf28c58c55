-- a

-- b
-- +goose Up
SELECT 1;
