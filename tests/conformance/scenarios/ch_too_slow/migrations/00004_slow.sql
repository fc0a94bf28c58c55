-- +goose Up
SELECT sleep(2.5);
