-- The days before 15 January. Four days have passed, so the last event of the 14th has arrived.
-- One statement, alone: INSERT cannot be guarded. If it breaks off, run the DELETE below and then up again.

-- +goose Up
-- +goose StatementBegin
INSERT INTO analytics_db.daily_activity (day, event_name, platform, events, accounts)
SELECT
    toDate(occurred_at) AS day,
    event_name,
    platform,
    count() AS events,
    uniqState(account_id) AS accounts
FROM analytics_db.events
WHERE occurred_at < toDateTime64('2026-01-15 00:00:00', 3, 'UTC')
GROUP BY day, event_name, platform;
-- +goose StatementEnd

-- +goose Down
-- The view counts from that day on, so everything before it is from here. A mutation: it rewrites the
-- part of one month, and is waited for on every replica.
-- +goose StatementBegin
ALTER TABLE analytics_db.daily_activity ON CLUSTER 'my_cluster'
    DELETE WHERE day < toDate('2026-01-15')
    SETTINGS mutations_sync = 2;
-- +goose StatementEnd
