"""An SQLite database read into a Catalog."""
