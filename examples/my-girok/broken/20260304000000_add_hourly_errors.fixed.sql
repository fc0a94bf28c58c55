-- Errors per hour and release, for the page that tells whether a release is a bad one.

-- +goose Up
-- +goose StatementBegin
CREATE TABLE analytics_db.hourly_errors ON CLUSTER 'my_cluster' (
    hour DateTime('UTC'),
    app_version LowCardinality(String),
    platform LowCardinality(String),
    errors UInt64
)
ENGINE = ReplicatedSummingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (app_version, platform, hour)
TTL hour + INTERVAL 90 DAY
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Errors per hour (UTC), release and platform; kept for 90 days';
-- +goose StatementEnd

-- +goose StatementBegin
CREATE MATERIALIZED VIEW analytics_db.hourly_errors_of_events ON CLUSTER 'my_cluster'
TO analytics_db.hourly_errors
AS SELECT toStartOfHour(occurred_at) AS hour, app_version, platform, count() AS errors
FROM analytics_db.events
WHERE event_name = 'error'
GROUP BY hour, app_version, platform;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP VIEW IF EXISTS analytics_db.hourly_errors_of_events ON CLUSTER 'my_cluster';
-- +goose StatementEnd

-- +goose StatementBegin
DROP TABLE IF EXISTS analytics_db.hourly_errors ON CLUSTER 'my_cluster';
-- +goose StatementEnd
