"""A PostgreSQL database read into a Catalog: every fact in one round trip, from one snapshot."""
