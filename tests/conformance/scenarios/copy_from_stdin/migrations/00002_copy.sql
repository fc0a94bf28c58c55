-- +goose Up
COPY t1 FROM stdin;
