-- A foreign key on a full table, 1 of 3: the index first. Without it every change of a version
-- would read all consents. Consents arrive day and night, so it is built CONCURRENTLY.

-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY idx_consents_document_version_id ON consents(document_version_id);

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS idx_consents_document_version_id;
