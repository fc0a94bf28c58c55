CREATE TABLE "_prisma_migrations" (id varchar(36) PRIMARY KEY, checksum text, finished_at timestamptz, migration_name text, logs text, rolled_back_at timestamptz, started_at timestamptz, applied_steps_count int CHECK (applied_steps_count > 0));
CREATE TABLE "_RelayId" (id int PRIMARY KEY, "stableModelIdentifier" text);
CREATE TABLE prisma_migrations (id int PRIMARY KEY);
CREATE INDEX ON "_prisma_migrations" (id NULLS FIRST);
