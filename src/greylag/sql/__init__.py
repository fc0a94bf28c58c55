"""SQL text to facts, without a connection."""
