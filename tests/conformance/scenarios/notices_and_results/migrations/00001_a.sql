-- +goose Up
DO $$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'careful'; END $$;
SELECT generate_series(1, 1000);
DROP TABLE IF EXISTS nosuch;
SHOW work_mem;
EXPLAIN SELECT 1;
-- +goose Down
SELECT 1;
COMMIT;
SELECT 2;
