"""ClickHouse: over HTTP, over its native protocol, and embedded in a process of its own."""
