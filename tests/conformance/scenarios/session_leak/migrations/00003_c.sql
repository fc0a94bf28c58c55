-- +goose Up
SET LOCAL search_path TO pg_catalog;
SELECT 1;
