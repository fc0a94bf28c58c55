-- Security asks from where something was done, and what else the same request did.

-- +goose Up
-- +goose StatementBegin
-- One ALTER: all columns or none. Old parts stay as they are and answer with the defaults.
ALTER TABLE audit_db.audit_events ON CLUSTER 'my_cluster'
    ADD COLUMN IF NOT EXISTS request_id String COMMENT 'Empty for jobs that no request started',
    -- IPv4 is stored mapped. '::' for none: a Nullable column would cost a second file per part.
    ADD COLUMN IF NOT EXISTS client_ip IPv6 DEFAULT '::',
    -- Not LowCardinality: there are more of them than a dictionary is good for.
    ADD COLUMN IF NOT EXISTS user_agent String CODEC(ZSTD(3));
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
ALTER TABLE audit_db.audit_events ON CLUSTER 'my_cluster'
    DROP COLUMN IF EXISTS user_agent,
    DROP COLUMN IF EXISTS client_ip,
    DROP COLUMN IF EXISTS request_id;
-- +goose StatementEnd
