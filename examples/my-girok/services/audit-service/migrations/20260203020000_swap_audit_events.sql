-- Another sorting key, 2 of 3: the two tables change names in one step, so nobody ever sees neither.
-- Two RENAMEs would leave a moment without audit_events. The writer starts again after this.

-- +goose Up
-- +goose StatementBegin
EXCHANGE TABLES audit_db.audit_events AND audit_db.audit_events_spare ON CLUSTER 'my_cluster';
-- +goose StatementEnd

-- +goose Down
-- What was written since the swap is brought over first, then the names change back.
-- +goose StatementBegin
INSERT INTO audit_db.audit_events_spare
SELECT * FROM audit_db.audit_events
WHERE id NOT IN (SELECT id FROM audit_db.audit_events_spare);
-- +goose StatementEnd

-- +goose StatementBegin
EXCHANGE TABLES audit_db.audit_events AND audit_db.audit_events_spare ON CLUSTER 'my_cluster';
-- +goose StatementEnd
