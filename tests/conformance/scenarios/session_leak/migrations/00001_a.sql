-- +goose Up
CREATE SCHEMA app;
SET search_path TO app, public;
SET application_name TO 'leak';
