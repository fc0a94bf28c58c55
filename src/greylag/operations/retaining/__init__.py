"""Whether rows are kept as long as the config says, and not longer."""
