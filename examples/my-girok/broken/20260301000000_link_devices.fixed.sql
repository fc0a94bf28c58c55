-- The devices a user has signed in from.

-- +goose Up
CREATE TABLE devices (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    name VARCHAR(100) NOT NULL,
    last_seen_at TIMESTAMPTZ(6),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW()
);

CREATE INDEX idx_devices_user_id ON devices(user_id);

COMMENT ON TABLE devices IS 'The devices a user has signed in from';

-- +goose Down
DROP TABLE IF EXISTS devices;
