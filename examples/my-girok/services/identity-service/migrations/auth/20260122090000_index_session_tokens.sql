-- UNIQUE without a standstill, 1 of 2: every request looks its session up by token, and the
-- baseline gave neither an index nor a promise that tokens differ. The index is built while
-- sessions go on being opened; the next file makes it a constraint.

-- +goose NO TRANSACTION
-- +goose Up
CREATE UNIQUE INDEX CONCURRENTLY sessions_token_hash_key ON sessions(token_hash);

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS sessions_token_hash_key;
