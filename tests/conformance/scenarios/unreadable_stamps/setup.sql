CREATE TABLE goose_db_version (id serial, version_id bigint, is_applied boolean, tstamp timestamp DEFAULT now());
INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (0, true, now()), (1, true, '2020-01-02'), (2, true, NULL);
