-- UNIQUE without a standstill, 2 of 2: the finished index becomes the constraint in an instant.

-- +goose Up
ALTER TABLE sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE USING INDEX sessions_token_hash_key;

-- +goose Down
-- The index goes with its constraint and is built anew. In one transaction, although writers wait:
-- there must be no moment in which two sessions could share a token.
ALTER TABLE sessions DROP CONSTRAINT sessions_token_hash_key;
CREATE UNIQUE INDEX sessions_token_hash_key ON sessions(token_hash);
