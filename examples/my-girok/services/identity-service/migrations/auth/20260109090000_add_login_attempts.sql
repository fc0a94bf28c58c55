-- Failed and successful sign-ins, for the limit on guesses and the monthly report on abuse.

-- +goose Up
CREATE TABLE login_attempts (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- SET NULL: the report still counts an attempt whose credential has been removed.
    credential_id TEXT REFERENCES credentials(id) ON DELETE SET NULL,
    address INET NOT NULL,
    succeeded BOOLEAN NOT NULL,
    attempted_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW()
);

-- Newest attempts of one credential, and of one address: the two questions of the limit.
CREATE INDEX idx_login_attempts_credential_id ON login_attempts(credential_id, attempted_at);
CREATE INDEX idx_login_attempts_address ON login_attempts(address, attempted_at);

COMMENT ON TABLE login_attempts IS 'Every try to sign in; rows are removed after ninety days';
COMMENT ON COLUMN login_attempts.credential_id IS 'NULL for unknown accounts and removed credentials';

-- +goose Down
DROP TABLE IF EXISTS login_attempts;
