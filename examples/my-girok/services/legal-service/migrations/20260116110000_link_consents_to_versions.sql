-- A foreign key on a full table, 2 of 3: the import is over, so new consents must name a version
-- that exists. NOT VALID leaves the old rows unread: writers wait for an instant, not for a scan.

-- +goose Up
-- RESTRICT: a version somebody agreed to cannot be removed.
ALTER TABLE consents
    ADD CONSTRAINT consents_document_version_id_fkey
    FOREIGN KEY (document_version_id) REFERENCES document_versions(id) ON DELETE RESTRICT
    NOT VALID;

-- +goose Down
ALTER TABLE consents DROP CONSTRAINT consents_document_version_id_fkey;
