-- +goose Up
CREATE INDEX CONCURRENTLY i ON a (b);
-- +goose Down
DROP INDEX i;
-- +goose NO TRANSACTION
