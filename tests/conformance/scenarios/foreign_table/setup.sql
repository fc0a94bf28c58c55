CREATE TABLE goose_db_version (x int);
