-- +goose ENVSUB ON
-- +goose Up
CREATE TABLE ${NAME} (v text);
INSERT INTO ${NAME} VALUES ('${VALUE}');
