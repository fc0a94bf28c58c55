-- +goose Up
ALTER TABLE goose_db_version RENAME COLUMN is_applied TO a;
