"""goose's version table in ClickHouse: its definition and the statements that read and write it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.migration import Direction


def create_table(table: str) -> str:
    """The definition, white space included: a syntax error quotes it."""
    columns = (
        "version_id Int64",
        "is_applied UInt8",
        "date Date default now()",
        "tstamp DateTime default now()",
    )
    body = ",\n\t\t".join(columns)
    engine = "ENGINE = MergeTree()\n\t\tORDER BY (date)"
    return f"CREATE TABLE IF NOT EXISTS {table} (\n\t\t{body}\n\t  )\n\t  {engine}"


def list_rows(table: str) -> str:
    """Version and flag of every row, highest version first: that is the order of goose's history here."""
    return f"SELECT version_id, is_applied FROM {table} ORDER BY version_id DESC"


def list_stamps(table: str) -> str:
    """Version, time and flag of the newest row of every version.

    goose asks version by version, ``ORDER BY tstamp DESC LIMIT 1``; one question for all gives the same.
    """
    return f"SELECT version_id, tstamp, is_applied FROM {table} ORDER BY tstamp DESC LIMIT 1 BY version_id"


def write_row(table: str, direction: Direction, version: int) -> str:
    """What records a file: a row on the way up, on the way down a mutation that every replica has done."""
    if direction == "up":
        return f"INSERT INTO {table} (version_id, is_applied) VALUES ({version}, 1)"
    return f"ALTER TABLE {table} DELETE WHERE version_id = {version} SETTINGS mutations_sync = 2"
