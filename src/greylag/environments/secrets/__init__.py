"""Sources of connection strings."""
