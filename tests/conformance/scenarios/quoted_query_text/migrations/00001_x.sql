-- +goose Up
SELECT nosuch;
