-- Accounts and the sessions they open.

-- +goose Up
CREATE TABLE users (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    email TEXT NOT NULL,
    display_name VARCHAR(100) NOT NULL,
    password_hash TEXT,
    email_verified_at TIMESTAMPTZ(6),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW()
);

-- Sign-in ignores letter case. One index serves that look-up and keeps addresses unique.
CREATE UNIQUE INDEX users_email_lower_key ON users(lower(email));

CREATE TABLE sessions (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- CASCADE: a session without its account opens nothing.
    user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    refresh_token_hash TEXT NOT NULL,
    user_agent TEXT,
    expires_at TIMESTAMPTZ(6) NOT NULL,
    revoked_at TIMESTAMPTZ(6),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    CONSTRAINT sessions_refresh_token_hash_key UNIQUE (refresh_token_hash),
    CONSTRAINT sessions_expire_after_start CHECK (expires_at > created_at)
);

CREATE INDEX idx_sessions_user_id ON sessions(user_id);

-- The nightly clean-up walks expired sessions, oldest first.
CREATE INDEX idx_sessions_expires_at ON sessions(expires_at);

COMMENT ON TABLE users IS 'One row per account; personal data lives in personal-service';
COMMENT ON COLUMN users.password_hash IS 'Argon2id; NULL for accounts that only sign in through a partner';
COMMENT ON TABLE sessions IS 'One row per refresh token';
COMMENT ON COLUMN sessions.refresh_token_hash IS 'SHA-256 of the token: the token itself is never stored';

-- +goose Down
DROP TABLE IF EXISTS sessions;
DROP TABLE IF EXISTS users;
