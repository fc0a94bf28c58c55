-- +goose Up
CREATE TABLE a (id int);
-- kept

-- gone
INSERT INTO a
-- at the edge
  -- indented
VALUES (1);
-- +goose Down
DROP TABLE a;
