-- +goose Up
CREATE TABLE seen AS SELECT current_setting('application_name') AS name;
-- +goose Down
DROP TABLE app.seen;
