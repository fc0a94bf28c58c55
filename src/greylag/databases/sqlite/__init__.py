"""SQLite over the standard library."""
