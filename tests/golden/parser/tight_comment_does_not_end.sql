-- +goose Up
SELECT 1;--here
SELECT 2;
