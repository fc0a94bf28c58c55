-- Legal texts, their versions, and who agreed to which. identity-service reads this database too;
-- only legal-service changes its schema.

-- +goose Up
-- A table, not an enum: the legal team adds kinds without waiting for a release.
CREATE TABLE document_kinds (
    code VARCHAR(40) PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    is_required BOOLEAN NOT NULL
);

CREATE TABLE documents (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    kind VARCHAR(40) NOT NULL REFERENCES document_kinds(code) ON DELETE RESTRICT,
    title VARCHAR(200) NOT NULL,
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW()
);

CREATE INDEX idx_documents_kind ON documents(kind);

CREATE TABLE document_versions (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- RESTRICT: a text that was once in force is never deleted.
    document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE RESTRICT,
    version VARCHAR(20) NOT NULL,
    locale VARCHAR(10) NOT NULL,
    body TEXT NOT NULL,
    effective_at TIMESTAMPTZ(6) NOT NULL,
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    -- Begins with document_id, so it serves the foreign key as well.
    CONSTRAINT document_versions_version_key UNIQUE (document_id, version, locale)
);

CREATE TABLE consents (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- users.id of girok_auth.
    account_id TEXT NOT NULL,
    -- No foreign key yet: the import from the old site brings consents before the versions they name.
    document_version_id TEXT NOT NULL,
    agreed_at TIMESTAMPTZ(6) NOT NULL,
    withdrawn_at TIMESTAMPTZ(6),
    evidence JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    CONSTRAINT consents_withdrawn_later CHECK (withdrawn_at >= agreed_at)
);

CREATE INDEX idx_consents_account_id ON consents(account_id);

COMMENT ON TABLE document_kinds IS 'What a legal text is about';
COMMENT ON COLUMN document_kinds.is_required IS 'Whether an account cannot be opened without consent';
COMMENT ON TABLE documents IS 'A legal text through all its versions';
COMMENT ON TABLE document_versions IS 'The wording of a text in one language; never changed once in force';
COMMENT ON COLUMN document_versions.effective_at IS 'From when the version binds; may lie in the future';
COMMENT ON TABLE consents IS 'Who agreed to which version, and until when';
COMMENT ON COLUMN consents.evidence IS 'How consent was given: form, address, client';

-- +goose Down
DROP TABLE IF EXISTS consents;
DROP TABLE IF EXISTS document_versions;
DROP TABLE IF EXISTS documents;
DROP TABLE IF EXISTS document_kinds;
