-- +goose Up
CREATE TABLE s4 (n UInt64) ENGINE = MergeTree ORDER BY n;
INSERT INTO s4 SELECT getSetting('max_block_size');
INSERT INTO s4 SELECT getSetting('async_insert') + 10;
