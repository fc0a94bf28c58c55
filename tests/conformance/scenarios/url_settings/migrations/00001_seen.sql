-- +goose Up
CREATE TABLE seen AS SELECT name, setting AS value FROM pg_settings WHERE name IN ('application_name', 'statement_timeout', 'search_path');
