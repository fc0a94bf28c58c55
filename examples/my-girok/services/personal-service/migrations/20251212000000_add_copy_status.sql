-- Records are copied to identity-service one by one, while people go on editing them. Each row
-- remembers how far its copy is.

-- +goose Up
-- An enum, because these three words are part of the copy worker's code and change only with it.
CREATE TYPE copy_status AS ENUM ('pending', 'copied', 'failed');

-- A constant default is kept in the catalogue: no row is rewritten.
ALTER TABLE personal_records
    ADD COLUMN copy_status copy_status NOT NULL DEFAULT 'pending',
    ADD COLUMN copied_at TIMESTAMPTZ(6);

COMMENT ON TYPE copy_status IS 'How far the copy of a record to identity-service is';
COMMENT ON COLUMN personal_records.copied_at IS 'NULL until the first copy has arrived';

-- +goose Down
ALTER TABLE personal_records
    DROP COLUMN copied_at,
    DROP COLUMN copy_status;
DROP TYPE IF EXISTS copy_status;
