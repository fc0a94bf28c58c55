"""ClickHouse's SQL, read without a server."""
