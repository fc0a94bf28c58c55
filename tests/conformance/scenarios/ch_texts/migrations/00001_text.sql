-- +goose Up
CREATE TABLE t (s String) ENGINE = MergeTree ORDER BY s;
INSERT INTO t VALUES ('a%s ? :x $1 {q:Int8} é 日本 \\n \t 100% ''quoted''');
-- +goose StatementBegin
INSERT INTO t FORMAT JSONEachRow
{"s": "one; two"}
{"s": "three"}
-- +goose StatementEnd
SELECT * FROM t FORMAT JSON;
/* a comment */ SELECT 1 WHERE 0;
CREATE TABLE big (n UInt64) ENGINE = MergeTree ORDER BY n;
INSERT INTO big SELECT number FROM numbers(100000);
SELECT number, toString(number) FROM numbers(200000);
-- +goose Down
DROP TABLE t;
DROP TABLE big SYNC;
SELECT throwIf(1, 'no "way"');
