-- Another sorting key, 3 of 3: two weeks without a complaint, so the table with the old key goes. Its rows
-- are all in audit_events. UNDROP TABLE brings it back for another eight minutes.

-- +goose Up
-- +goose StatementBegin
DROP TABLE IF EXISTS audit_db.audit_events_spare ON CLUSTER 'my_cluster';
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE TABLE IF NOT EXISTS audit_db.audit_events_spare ON CLUSTER 'my_cluster' AS audit_db.audit_events
ENGINE = ReplicatedMergeTree
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (service, action, occurred_at, id)
TTL toDateTime(occurred_at) + INTERVAL 5 YEAR
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Who did what to what; kept for 5 years';
-- +goose StatementEnd

-- +goose StatementBegin
INSERT INTO audit_db.audit_events_spare
SELECT * FROM audit_db.audit_events
WHERE id NOT IN (SELECT id FROM audit_db.audit_events_spare);
-- +goose StatementEnd
