-- +goose Up
CREATE TABLE greylag.journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    history text NOT NULL,
    run uuid NOT NULL,
    version bigint NOT NULL,
    direction text NOT NULL,
    statement integer,
    state text NOT NULL,
    apart boolean NOT NULL DEFAULT false,
    open boolean NOT NULL DEFAULT false,
    version_row bigint,
    file text NOT NULL,
    content bytea,
    raw_hash bytea NOT NULL,
    hash bytea NOT NULL,
    who text NOT NULL,
    host text NOT NULL,
    tool text NOT NULL,
    backend_pid integer NOT NULL DEFAULT pg_catalog.pg_backend_pid(),
    backend_since text NOT NULL DEFAULT '',
    started timestamptz(6) NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    finished timestamptz(6),
    lock_wait double precision NOT NULL DEFAULT 0,
    retries integer NOT NULL DEFAULT 0,
    sqlstate text NOT NULL DEFAULT '',
    error text NOT NULL DEFAULT ''
);
CREATE INDEX journal_of_version ON greylag.journal (history, version, id);
CREATE INDEX journal_open ON greylag.journal (history, version, id) WHERE open;
COMMENT ON TABLE greylag.journal IS 'What greylag ran here: greylag history shows it. The version table is goose''s alone.';
COMMENT ON COLUMN greylag.journal.history IS 'the version table this row belongs to';
COMMENT ON COLUMN greylag.journal.statement IS 'number of a statement of a NO TRANSACTION file; NULL: the whole file';
COMMENT ON COLUMN greylag.journal.state IS 'begun, done, failed, adopted, marked or resolved';
COMMENT ON COLUMN greylag.journal.apart IS 'the statement ran outside a transaction, so that begun may mean anything';
COMMENT ON COLUMN greylag.journal.open IS 'the file is not finished';
COMMENT ON COLUMN greylag.journal.version_row IS 'id of its row in the version table';
COMMENT ON COLUMN greylag.journal.content IS 'the file as it was run, zlib; literals after PASSWORD are blanked';
COMMENT ON COLUMN greylag.journal.lock_wait IS 'seconds spent waiting for locks in tries that were given up';

-- +goose Down
DROP TABLE greylag.journal;
