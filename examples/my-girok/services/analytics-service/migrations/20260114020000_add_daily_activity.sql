-- The dashboard shows a year, and events are kept for 90 days: from midnight of 15 January every event is
-- counted into its day as it arrives.

-- +goose Up
-- The target first. A view that makes its own would hide it under a name that nobody can migrate.
-- +goose StatementBegin
CREATE TABLE IF NOT EXISTS analytics_db.daily_activity ON CLUSTER 'my_cluster' (
    day Date,
    event_name LowCardinality(String),
    platform LowCardinality(String),
    events SimpleAggregateFunction(sum, UInt64),
    -- How many different accounts; counts of days cannot be added up, these states can be merged.
    accounts AggregateFunction(uniq, String)
)
ENGINE = ReplicatedAggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (event_name, platform, day)
TTL day + INTERVAL 1 YEAR
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Events and accounts per day (UTC), name and platform; kept for 1 year';
-- +goose StatementEnd

-- +goose StatementBegin
-- A fixed moment, and no POPULATE: rows that arrive while POPULATE reads are lost. What is older comes
-- with the next file, and nothing is counted twice.
CREATE MATERIALIZED VIEW IF NOT EXISTS analytics_db.daily_activity_of_events ON CLUSTER 'my_cluster'
TO analytics_db.daily_activity
AS SELECT
    toDate(occurred_at) AS day,
    event_name,
    platform,
    count() AS events,
    uniqState(account_id) AS accounts
FROM analytics_db.events
WHERE occurred_at >= toDateTime64('2026-01-15 00:00:00', 3, 'UTC')
GROUP BY day, event_name, platform;
-- +goose StatementEnd

-- +goose Down
-- The view first: without its target every INSERT into events would fail.
-- +goose StatementBegin
DROP VIEW IF EXISTS analytics_db.daily_activity_of_events ON CLUSTER 'my_cluster';
-- +goose StatementEnd

-- +goose StatementBegin
DROP TABLE IF EXISTS analytics_db.daily_activity ON CLUSTER 'my_cluster';
-- +goose StatementEnd
