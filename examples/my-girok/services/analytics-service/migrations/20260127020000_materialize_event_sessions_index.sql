-- The index for the parts that were there before it. A file of its own: this reads a column of 90 days, and
-- nobody has to wait for it.

-- +goose Up
-- +goose StatementBegin
ALTER TABLE analytics_db.events ON CLUSTER 'my_cluster'
    MATERIALIZE INDEX IF EXISTS idx_events_session_id
    SETTINGS mutations_sync = 2;
-- +goose StatementEnd

-- +goose Down
-- Takes the index out of the parts and leaves its definition, as it was before.
-- +goose StatementBegin
ALTER TABLE analytics_db.events ON CLUSTER 'my_cluster'
    CLEAR INDEX IF EXISTS idx_events_session_id
    SETTINGS mutations_sync = 2;
-- +goose StatementEnd
