-- +goose Up
INSERT INTO 사용자 VALUES ('안녕;', '🙂');
-- +goose Down
DELETE FROM 사용자;
