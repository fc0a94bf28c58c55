"""ClickHouse in a child process: the engine of the package chdb over a folder of its own."""
