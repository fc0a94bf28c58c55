-- The personal data of an account, kept apart from its credentials.

-- +goose Up
CREATE TABLE personal_records (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- The account lives in the database of auth-service: no foreign key can reach it.
    user_id TEXT NOT NULL,
    full_name VARCHAR(200) NOT NULL,
    birth_date DATE,
    phone VARCHAR(32),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    CONSTRAINT personal_records_user_id_key UNIQUE (user_id)
);

COMMENT ON TABLE personal_records IS 'One row per account: who the person is';
COMMENT ON COLUMN personal_records.user_id IS 'users.id of girok_auth';
COMMENT ON COLUMN personal_records.phone IS 'E.164, as +821012345678';

-- +goose Down
DROP TABLE IF EXISTS personal_records;
