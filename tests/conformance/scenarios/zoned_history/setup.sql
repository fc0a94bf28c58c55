CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamptz NULL DEFAULT now());
INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (0, true, '2019-12-31 23:00:00+00'), (1, true, '2020-07-02 03:04:05+00');
CREATE TABLE t1 (id int);
