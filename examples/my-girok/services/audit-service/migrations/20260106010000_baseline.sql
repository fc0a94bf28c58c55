-- Who did what to what, kept for five years because the law asks for it. Rows are written once and
-- never changed. my_cluster is one shard with replicas: every table is Replicated and every change
-- of a table goes ON CLUSTER, or the nodes would drift apart. Rows replicate by themselves.

-- +goose Up
-- +goose StatementBegin
-- The engine has no arguments: the cluster's default path holds {uuid}, so that a table can be dropped,
-- made again and swapped without meeting its predecessor.
CREATE TABLE IF NOT EXISTS audit_db.audit_events ON CLUSTER 'my_cluster' (
    -- v7 carries the time it was made. It stands last in the key: UUIDs do not sort by that time.
    id UUID DEFAULT generateUUIDv7(),
    -- The writer says when it happened. Without 'UTC' the zone of each session would decide what is meant.
    occurred_at DateTime64(3, 'UTC'),
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    service LowCardinality(String),
    action LowCardinality(String) COMMENT 'As resource.verb, for example identity.verified',
    actor_type LowCardinality(String) COMMENT 'account, operator or service',
    actor_id String COMMENT 'users.id of girok_auth for accounts',
    resource_type LowCardinality(String),
    resource_id String,
    old_value String COMMENT 'The resource before, as JSON without secrets; empty when it was created' CODEC(ZSTD(3)),
    new_value String COMMENT 'The resource after, as JSON without secrets; empty when it was deleted' CODEC(ZSTD(3))
)
ENGINE = ReplicatedMergeTree
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (service, action, occurred_at, id)
TTL toDateTime(occurred_at) + INTERVAL 5 YEAR
-- A part goes when its last row is too old, and is never rewritten to rid it of some.
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Who did what to what; kept for 5 years';
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE IF EXISTS audit_db.audit_events ON CLUSTER 'my_cluster';
-- +goose StatementEnd
