-- +goose Up
SELECT
-- +goose NO TRANSACTION
  1 +
  nope;
