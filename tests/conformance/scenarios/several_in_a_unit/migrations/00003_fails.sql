-- +goose Up
CREATE TABLE c (id int); SELECT nosuch; CREATE TABLE d (id int);
