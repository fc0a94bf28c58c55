"""PostgreSQL over libpq."""
