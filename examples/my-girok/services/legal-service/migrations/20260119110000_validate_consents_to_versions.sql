-- A foreign key on a full table, 3 of 3: the old rows are checked while reads and writes go on.
-- A file of its own: in the transaction of step 2 its stronger lock would be held all along.

-- +goose Up
ALTER TABLE consents VALIDATE CONSTRAINT consents_document_version_id_fkey;

-- +goose Down
-- A constraint cannot be made NOT VALID again, only made anew.
ALTER TABLE consents DROP CONSTRAINT consents_document_version_id_fkey;
ALTER TABLE consents
    ADD CONSTRAINT consents_document_version_id_fkey
    FOREIGN KEY (document_version_id) REFERENCES document_versions(id) ON DELETE RESTRICT
    NOT VALID;
