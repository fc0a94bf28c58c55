-- An event is written in the transaction of the change it tells of; a relay publishes it later.
-- So nothing is announced that was rolled back, and nothing is lost when the broker is down.

-- +goose Up
CREATE TABLE outbox_events (
    id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
    aggregate_type VARCHAR(40) NOT NULL,
    -- No foreign key: the event that says "deleted" must outlive the row.
    aggregate_id TEXT NOT NULL,
    event_type VARCHAR(80) NOT NULL,
    payload JSONB NOT NULL,
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT NOW(),
    published_at TIMESTAMPTZ(6)
);

-- The relay only ever reads what waits, so the index stays as small as the backlog.
CREATE INDEX idx_outbox_events_waiting ON outbox_events(created_at)
    WHERE published_at IS NULL;

COMMENT ON TABLE outbox_events IS 'Events to publish; rows are removed a week after publication';
COMMENT ON COLUMN outbox_events.published_at IS 'NULL while the event waits for the relay';

-- +goose Down
DROP TABLE IF EXISTS outbox_events;
