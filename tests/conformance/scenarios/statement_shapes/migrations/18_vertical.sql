-- +goose Up
SELECT 1;--c
