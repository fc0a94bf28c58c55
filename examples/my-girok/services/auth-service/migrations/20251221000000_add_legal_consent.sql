-- Sign-up must know at once whether the terms were accepted. legal-service keeps the evidence;
-- this table is the copy that the login path may read without a call to another service.

-- +goose Up
CREATE TABLE legal_consents (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- RESTRICT: consent is proof. An account that gave some is anonymised, not deleted.
    user_id TEXT NOT NULL REFERENCES users(id) ON DELETE RESTRICT,
    document_kind VARCHAR(40) NOT NULL,
    document_version VARCHAR(20) NOT NULL,
    agreed_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    withdrawn_at TIMESTAMPTZ(6),
    CONSTRAINT legal_consents_withdrawn_later CHECK (withdrawn_at >= agreed_at)
);

-- The partial index below does not cover withdrawn rows, and the foreign key needs all of them.
CREATE INDEX idx_legal_consents_user_id ON legal_consents(user_id);

-- One consent in force per account and kind; withdrawn ones stay as history.
CREATE UNIQUE INDEX legal_consents_in_force_key ON legal_consents(user_id, document_kind)
    WHERE withdrawn_at IS NULL;

COMMENT ON TABLE legal_consents IS 'Which legal texts an account has accepted, copied from legal-service';
COMMENT ON COLUMN legal_consents.document_kind IS 'Code of document_kinds in the database legal';
COMMENT ON COLUMN legal_consents.withdrawn_at IS 'NULL while the consent is in force';

-- +goose Down
DROP TABLE IF EXISTS legal_consents;
