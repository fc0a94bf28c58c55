"""Careful runs on ClickHouse: a lock, a journal of statements, and on from where the last run broke off."""
