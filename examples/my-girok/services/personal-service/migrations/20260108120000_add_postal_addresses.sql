-- +goose Up
CREATE TABLE postal_addresses (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    -- CASCADE: whoever asks to be forgotten is forgotten with every address.
    personal_record_id TEXT NOT NULL REFERENCES personal_records(id) ON DELETE CASCADE,
    label VARCHAR(40) NOT NULL,
    lines TEXT[] NOT NULL,
    postal_code VARCHAR(12),
    country VARCHAR(2) NOT NULL,
    is_primary BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW()
);

CREATE INDEX idx_postal_addresses_personal_record_id ON postal_addresses(personal_record_id);

-- At most one primary address per person.
CREATE UNIQUE INDEX postal_addresses_primary_key ON postal_addresses(personal_record_id)
    WHERE is_primary;

COMMENT ON TABLE postal_addresses IS 'Where a person gets letters';
COMMENT ON COLUMN postal_addresses.country IS 'ISO 3166-1 alpha-2';

-- +goose Down
DROP TABLE IF EXISTS postal_addresses;
