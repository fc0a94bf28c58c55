-- {table}.{column} becomes NOT NULL in four files. 1 of 4: the rows without a value get one, in batches that
-- commit by themselves: no row stays locked for long, and a run that is cut short is simply repeated.
-- Ship this after a release that writes {column} in every row, or give the column a default before.

-- +goose NO TRANSACTION
-- +goose Up
-- +goose StatementBegin
DO $fill$
DECLARE
    fill_step CONSTANT bigint := 16; -- pages of the table in one batch
    fill_end bigint;
BEGIN
    SELECT max(pg_relation_size(oid)) / current_setting('block_size')::bigint INTO fill_end
    FROM pg_class
    WHERE oid = {table_text}::regclass OR oid IN (SELECT relid FROM pg_partition_tree({table_text}));
    FOR fill_page IN 0 .. fill_end BY fill_step LOOP
        UPDATE {table} SET {column} = {value}
        WHERE {column} IS NULL
            AND ctid >= format('(%s,0)', fill_page)::tid
            AND ctid < format('(%s,0)', fill_page + fill_step)::tid;
        COMMIT;
    END LOOP;
    IF EXISTS (SELECT FROM {table} WHERE {column} IS NULL) THEN
        RAISE EXCEPTION 'there still are rows without a value'
            USING HINT = 'Run this again: they were written meanwhile. If they stay, their new value is NULL too.';
    END IF;
END;
$fill$;
-- +goose StatementEnd

-- +goose Down
-- Nothing: a value that was filled in cannot be told from one that was written.
