-- What people do in the product. Single events are kept for 90 days, sessions for a year: long enough to
-- compare seasons, and never longer than the privacy notice says.

-- +goose Up
-- +goose StatementBegin
CREATE TABLE IF NOT EXISTS analytics_db.events ON CLUSTER 'my_cluster' (
    id UUID DEFAULT generateUUIDv7(),
    -- The app says when it happened; one that was offline tells it up to two days later.
    occurred_at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    -- A few hundred names in all, and nearly every question asks for one of them: it leads the key.
    event_name LowCardinality(String),
    account_id String COMMENT 'users.id of girok_auth; empty before sign-in',
    session_id String COMMENT 'sessions.id',
    platform LowCardinality(String) COMMENT 'ios, android or web',
    app_version LowCardinality(String),
    properties String COMMENT 'What only this event has, as JSON' CODEC(ZSTD(3))
)
ENGINE = ReplicatedMergeTree
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (event_name, account_id, occurred_at, id)
TTL toDateTime(occurred_at) + INTERVAL 90 DAY
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Product events; kept for 90 days';
-- +goose StatementEnd

-- +goose StatementBegin
-- A session is written again whenever it goes on. Of the rows of one key the newest is kept, once parts
-- have merged; queries say FINAL.
CREATE TABLE IF NOT EXISTS analytics_db.sessions ON CLUSTER 'my_cluster' (
    id String,
    account_id String COMMENT 'users.id of girok_auth; empty before sign-in',
    platform LowCardinality(String) COMMENT 'ios, android or web',
    started_at DateTime64(3, 'UTC'),
    -- Not a Nullable ended_at: nobody knows that a session has ended, only when it was last seen.
    last_seen_at DateTime64(3, 'UTC') DEFAULT started_at,
    events UInt32
)
ENGINE = ReplicatedReplacingMergeTree(last_seen_at)
PARTITION BY toYYYYMM(started_at)
ORDER BY (platform, started_at, id)
TTL toDateTime(started_at) + INTERVAL 1 YEAR
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Sessions of the apps; kept for 1 year';
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE IF EXISTS analytics_db.sessions ON CLUSTER 'my_cluster';
-- +goose StatementEnd

-- +goose StatementBegin
DROP TABLE IF EXISTS analytics_db.events ON CLUSTER 'my_cluster';
-- +goose StatementEnd
