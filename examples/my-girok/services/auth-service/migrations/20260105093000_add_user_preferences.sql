-- +goose Up
CREATE TABLE user_preferences (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- CASCADE: nobody misses the theme of a deleted account.
    user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    theme VARCHAR(20) NOT NULL DEFAULT 'light',
    locale VARCHAR(10) NOT NULL DEFAULT 'ko',
    timezone VARCHAR(50) NOT NULL DEFAULT 'Asia/Seoul',
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW()
);

-- Unique: an account has one set of preferences. It also serves the foreign key.
CREATE UNIQUE INDEX idx_user_preferences_user_id ON user_preferences(user_id);

COMMENT ON TABLE user_preferences IS 'How an account likes to see the product';
COMMENT ON COLUMN user_preferences.timezone IS 'For display only: every stored time is UTC';

-- +goose Down
DROP TABLE IF EXISTS user_preferences;
