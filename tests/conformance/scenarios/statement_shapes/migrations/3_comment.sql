-- +goose Up
/* one;
two */ SELECT 1;
