"""Files, parser, plan, apply: what a folder of goose migrations means."""
