-- Support looks up what happened in one session, which no key leads to. The index lets blocks that do not
-- hold the session be skipped; new parts have it from now on.

-- +goose Up
-- +goose StatementBegin
ALTER TABLE analytics_db.events ON CLUSTER 'my_cluster'
    ADD INDEX IF NOT EXISTS idx_events_session_id session_id TYPE bloom_filter(0.01) GRANULARITY 4;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
ALTER TABLE analytics_db.events ON CLUSTER 'my_cluster'
    DROP INDEX IF EXISTS idx_events_session_id;
-- +goose StatementEnd
