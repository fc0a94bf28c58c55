-- What the page "your devices" and the cleaning of old devices look for.

-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY idx_devices_last_seen_at ON devices(last_seen_at);
CREATE INDEX CONCURRENTLY idx_devices_created_at ON devices(created_at);
CREATE INDEX CONCURRENTLY idx_devices_name ON devices(name);

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS idx_devices_name;
DROP INDEX CONCURRENTLY IF EXISTS idx_devices_created_at;
DROP INDEX CONCURRENTLY IF EXISTS idx_devices_last_seen_at;
