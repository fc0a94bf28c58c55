"""Running migrations on PostgreSQL with lock, journal, timeouts, resume. The goose face has none of it."""
