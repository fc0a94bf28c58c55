"""Reading the schema of a ClickHouse database into the shared Catalog."""
