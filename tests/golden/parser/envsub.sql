-- +goose Up
-- +goose ENVSUB ON
INSERT INTO ${TABLE} VALUES ('${NAME:-nobody}', '$$5');
-- +goose ENVSUB OFF
SELECT '${TABLE}';
