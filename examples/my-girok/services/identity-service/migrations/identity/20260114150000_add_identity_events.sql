-- What happened to an identity, kept for thirteen months: a partition per month, because dropping
-- an old month takes an instant and deleting its rows takes a night.
-- There is no DEFAULT partition: every later month would have to scan it under lock. Months are
-- made ahead instead, and a row that has none is refused where everybody sees it.

-- +goose Up
CREATE TABLE identity_events (
    id TEXT NOT NULL DEFAULT gen_random_uuid()::TEXT,
    -- No foreign key: history stays readable after the identity is gone.
    identity_id TEXT NOT NULL,
    event_type VARCHAR(80) NOT NULL,
    details JSONB NOT NULL DEFAULT '{}',
    -- The writer says when it happened, so there is no default.
    occurred_at TIMESTAMPTZ(6) NOT NULL,
    -- A key of a partitioned table must hold the column it is partitioned by.
    PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);

CREATE INDEX idx_identity_events_identity_id ON identity_events(identity_id, occurred_at);

-- The bounds name their zone: without it they would follow the session that runs this file.
CREATE TABLE identity_events_2026_01 PARTITION OF identity_events
    FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00');
CREATE TABLE identity_events_2026_02 PARTITION OF identity_events
    FOR VALUES FROM ('2026-02-01 00:00:00+00') TO ('2026-03-01 00:00:00+00');
CREATE TABLE identity_events_2026_03 PARTITION OF identity_events
    FOR VALUES FROM ('2026-03-01 00:00:00+00') TO ('2026-04-01 00:00:00+00');

COMMENT ON TABLE identity_events IS 'What happened to an identity, one partition per month (UTC)';

-- +goose Down
-- The partitions go with the table they belong to.
DROP TABLE IF EXISTS identity_events;
