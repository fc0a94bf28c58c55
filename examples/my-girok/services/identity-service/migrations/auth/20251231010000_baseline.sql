-- How a proven identity signs in. Apart from the identities themselves, so that the login path
-- never holds a connection to the database with people's papers.

-- +goose Up
CREATE TABLE credentials (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- identities.id of the database identity: no foreign key crosses databases.
    identity_id TEXT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    label VARCHAR(60) NOT NULL,
    secret_hash TEXT NOT NULL,
    last_used_at TIMESTAMPTZ(6),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    CONSTRAINT credentials_kind_known CHECK (kind IN ('password', 'passkey', 'totp'))
);

CREATE INDEX idx_credentials_identity_id ON credentials(identity_id);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- CASCADE: taking a credential away signs out everywhere it was used.
    credential_id TEXT NOT NULL REFERENCES credentials(id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL,
    expires_at TIMESTAMPTZ(6) NOT NULL,
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW()
);

CREATE INDEX idx_sessions_credential_id ON sessions(credential_id);
CREATE INDEX idx_sessions_expires_at ON sessions(expires_at);

COMMENT ON TABLE credentials IS 'A way to sign in: a password, a passkey or a one-time code generator';
COMMENT ON COLUMN credentials.label IS 'What the owner calls it, such as "work phone"';
COMMENT ON TABLE sessions IS 'One row per device that is signed in';
COMMENT ON COLUMN sessions.token_hash IS 'SHA-256 of the token: the token itself is never stored';

-- +goose Down
DROP TABLE IF EXISTS sessions;
DROP TABLE IF EXISTS credentials;
