"""Engines: one folder each behind the Protocol of databases.base."""
