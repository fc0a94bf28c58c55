-- +goose Up
CREATE TABLE a (
    id int, -- the key;
    name text
);
-- +goose Down
DROP TABLE
  a
;
