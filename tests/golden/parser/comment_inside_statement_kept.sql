-- +goose Up
SELECT 1,
-- kept
  2;
