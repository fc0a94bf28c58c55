CREATE TABLE "_prisma_migrations" (id varchar(36) PRIMARY KEY, checksum text, finished_at timestamptz, migration_name text, logs text, rolled_back_at timestamptz, started_at timestamptz, applied_steps_count int);
CREATE TABLE t (id int PRIMARY KEY, m varchar(36) REFERENCES "_prisma_migrations"(id));
