-- April to June. CREATE TABLE … PARTITION OF would lock the whole table, readers too. A table of
-- the same shape that is attached afterwards only keeps other schema changes out. The check tells
-- ATTACH that every row fits, so it reads none; once attached, the bounds say the same.

-- +goose Up
CREATE TABLE identity_events_2026_04 (LIKE identity_events INCLUDING ALL);
ALTER TABLE identity_events_2026_04 ADD CONSTRAINT identity_events_2026_04_month
    CHECK (occurred_at >= '2026-04-01 00:00:00+00' AND occurred_at < '2026-05-01 00:00:00+00');
ALTER TABLE identity_events ATTACH PARTITION identity_events_2026_04
    FOR VALUES FROM ('2026-04-01 00:00:00+00') TO ('2026-05-01 00:00:00+00');
ALTER TABLE identity_events_2026_04 DROP CONSTRAINT identity_events_2026_04_month;

CREATE TABLE identity_events_2026_05 (LIKE identity_events INCLUDING ALL);
ALTER TABLE identity_events_2026_05 ADD CONSTRAINT identity_events_2026_05_month
    CHECK (occurred_at >= '2026-05-01 00:00:00+00' AND occurred_at < '2026-06-01 00:00:00+00');
ALTER TABLE identity_events ATTACH PARTITION identity_events_2026_05
    FOR VALUES FROM ('2026-05-01 00:00:00+00') TO ('2026-06-01 00:00:00+00');
ALTER TABLE identity_events_2026_05 DROP CONSTRAINT identity_events_2026_05_month;

CREATE TABLE identity_events_2026_06 (LIKE identity_events INCLUDING ALL);
ALTER TABLE identity_events_2026_06 ADD CONSTRAINT identity_events_2026_06_month
    CHECK (occurred_at >= '2026-06-01 00:00:00+00' AND occurred_at < '2026-07-01 00:00:00+00');
ALTER TABLE identity_events ATTACH PARTITION identity_events_2026_06
    FOR VALUES FROM ('2026-06-01 00:00:00+00') TO ('2026-07-01 00:00:00+00');
ALTER TABLE identity_events_2026_06 DROP CONSTRAINT identity_events_2026_06_month;

-- +goose Down
-- Detached first, so that a month can be kept by leaving out its DROP.
ALTER TABLE identity_events DETACH PARTITION identity_events_2026_06;
DROP TABLE IF EXISTS identity_events_2026_06;
ALTER TABLE identity_events DETACH PARTITION identity_events_2026_05;
DROP TABLE IF EXISTS identity_events_2026_05;
ALTER TABLE identity_events DETACH PARTITION identity_events_2026_04;
DROP TABLE IF EXISTS identity_events_2026_04;
