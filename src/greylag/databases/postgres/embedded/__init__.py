"""A PostgreSQL 16 of the workspace's own: found, made, started on demand, stopped when idle."""
