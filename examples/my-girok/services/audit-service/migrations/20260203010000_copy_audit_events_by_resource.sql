-- Another sorting key, 1 of 3. Auditors ask what happened to one resource, and the key by service and
-- action reads every part for that. A key cannot be changed, only a table made with another one.
-- From here to step 2 the writer is stopped; the outboxes of the services keep what happens meanwhile.

-- +goose Up
-- +goose StatementBegin
-- Columns come from the original, so that none is forgotten; the rest is said, because it is what matters.
CREATE TABLE IF NOT EXISTS audit_db.audit_events_spare ON CLUSTER 'my_cluster' AS audit_db.audit_events
ENGINE = ReplicatedMergeTree
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (resource_type, resource_id, occurred_at, id)
TTL toDateTime(occurred_at) + INTERVAL 5 YEAR
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Who did what to what; kept for 5 years';
-- +goose StatementEnd

-- +goose StatementBegin
-- Rows that are there already are left out, so this can be run again after it broke off. Five years are
-- 61 partitions at most; more than 100 in one INSERT would be refused.
INSERT INTO audit_db.audit_events_spare
SELECT * FROM audit_db.audit_events
WHERE id NOT IN (SELECT id FROM audit_db.audit_events_spare);
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE IF EXISTS audit_db.audit_events_spare ON CLUSTER 'my_cluster';
-- +goose StatementEnd
