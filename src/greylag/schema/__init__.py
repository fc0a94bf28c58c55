"""From a Catalog to text and back: pure functions, no connection, no file."""
