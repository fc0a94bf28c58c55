-- Who a person has proven to be, and with which papers.

-- +goose Up
CREATE TABLE identities (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- users.id of girok_auth: another database, so no foreign key.
    account_id TEXT NOT NULL,
    legal_name VARCHAR(200) NOT NULL,
    birth_date DATE,
    verified_at TIMESTAMPTZ(6),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    CONSTRAINT identities_account_id_key UNIQUE (account_id)
);

CREATE TABLE identity_documents (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- RESTRICT: a proof is withdrawn on purpose, never lost as a side effect.
    identity_id TEXT NOT NULL REFERENCES identities(id) ON DELETE RESTRICT,
    kind VARCHAR(20) NOT NULL,
    issuing_country VARCHAR(2) NOT NULL,
    number_hash TEXT NOT NULL,
    expires_on DATE,
    -- consents.id of the database legal, which legal-service migrates and this service reads.
    consent_id TEXT NOT NULL,
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    CONSTRAINT identity_documents_kind_known CHECK (kind IN ('passport', 'id_card', 'driving_licence')),
    -- The same paper must not prove two people.
    CONSTRAINT identity_documents_number_key UNIQUE (issuing_country, kind, number_hash)
);

CREATE INDEX idx_identity_documents_identity_id ON identity_documents(identity_id);

-- A reminder goes out a month before a paper runs out.
CREATE INDEX idx_identity_documents_expires_on ON identity_documents(expires_on);

COMMENT ON TABLE identities IS 'One row per account whose owner has begun to prove who they are';
COMMENT ON COLUMN identities.verified_at IS 'NULL until a document has been accepted';
COMMENT ON TABLE identity_documents IS 'Papers shown as proof; no images, no clear numbers';
COMMENT ON COLUMN identity_documents.number_hash IS 'HMAC of the number with the key of the service';

-- +goose Down
DROP TABLE IF EXISTS identity_documents;
DROP TABLE IF EXISTS identities;
