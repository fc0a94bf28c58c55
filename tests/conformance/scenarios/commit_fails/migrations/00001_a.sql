-- +goose Up
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);
-- +goose Down
DROP TABLE c, p;
ALTER TABLE goose_db_version RENAME COLUMN version_id TO v;
