-- +goose Up
CREATE TABLE a (v text);
INSERT INTO a VALUES ('éÿÃ(');
-- +goose Down
SELECT 'é' FROM nosuch;
