-- NOT NULL in safe steps, 2 of 6: fill the old rows, a thousand at a time. Each batch commits by
-- itself, so no row stays locked for long, and a run that is cut short can simply be repeated.
-- updated_at moves with every filled row: the caches of the services reload by it, as they should.

-- +goose NO TRANSACTION
-- +goose Up
-- +goose StatementBegin
DO $$
DECLARE
    seen TEXT := '';
BEGIN
    LOOP
        WITH batch AS (
            SELECT id FROM users WHERE id > seen ORDER BY id LIMIT 1000
        ), filled AS (
            UPDATE users
            SET status = CASE WHEN email_verified_at IS NULL THEN 'pending' ELSE 'active' END
            FROM batch
            WHERE users.id = batch.id AND users.status IS NULL
        )
        SELECT max(id) INTO seen FROM batch;
        EXIT WHEN seen IS NULL;
        COMMIT;
    END LOOP;
END;
$$;
-- +goose StatementEnd

-- +goose Down
-- Only what the rule above would fill in again is emptied: a suspension is never forgotten.
-- +goose StatementBegin
DO $$
DECLARE
    seen TEXT := '';
BEGIN
    LOOP
        WITH batch AS (
            SELECT id FROM users WHERE id > seen ORDER BY id LIMIT 1000
        ), emptied AS (
            UPDATE users
            SET status = NULL
            FROM batch
            WHERE users.id = batch.id
                AND users.status = CASE WHEN email_verified_at IS NULL THEN 'pending' ELSE 'active' END
        )
        SELECT max(id) INTO seen FROM batch;
        EXIT WHEN seen IS NULL;
        COMMIT;
    END LOOP;
END;
$$;
-- +goose StatementEnd
