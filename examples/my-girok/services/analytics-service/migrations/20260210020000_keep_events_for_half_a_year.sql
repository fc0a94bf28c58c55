-- Product compares one quarter with the last, so 90 days are too few; the privacy notice allows a year.
-- Longer is the safe direction. No part is rewritten for it: each takes the new limit when it is next merged,
-- and materialize_ttl_after_modify would rewrite all of them at once.

-- +goose Up
-- +goose StatementBegin
ALTER TABLE analytics_db.events ON CLUSTER 'my_cluster'
    MODIFY TTL toDateTime(occurred_at) + INTERVAL 180 DAY
    SETTINGS materialize_ttl_after_modify = 0;
-- +goose StatementEnd

-- +goose StatementBegin
ALTER TABLE analytics_db.events ON CLUSTER 'my_cluster'
    MODIFY COMMENT 'Product events; kept for 180 days';
-- +goose StatementEnd

-- +goose Down
-- Events older than 90 days go with the next merges and do not come back.
-- +goose StatementBegin
ALTER TABLE analytics_db.events ON CLUSTER 'my_cluster'
    MODIFY COMMENT 'Product events; kept for 90 days';
-- +goose StatementEnd

-- +goose StatementBegin
ALTER TABLE analytics_db.events ON CLUSTER 'my_cluster'
    MODIFY TTL toDateTime(occurred_at) + INTERVAL 90 DAY
    SETTINGS materialize_ttl_after_modify = 0;
-- +goose StatementEnd
