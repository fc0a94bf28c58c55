"""Folders of migrations the bench applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KIBI = 1024
MEBI = 1024 * 1024


def small_files(folder: Path, count: int) -> Path:
    """``count`` migrations of three statements each."""
    folder.mkdir()
    for number in range(1, count + 1):
        (folder / f"{number:05d}_step.sql").write_text(
            f"-- +goose Up\n"
            f"CREATE TABLE thing_{number} (id bigint PRIMARY KEY, name text NOT NULL, made timestamptz);\n"
            f"CREATE INDEX thing_{number}_name ON thing_{number} (name);\n"
            f"INSERT INTO thing_{number} (id, name) VALUES (1, 'first'), (2, 'second');\n\n"
            f"-- +goose Down\nDROP TABLE thing_{number};\n"
        )
    return folder


def large_file(folder: Path, total_bytes: int, line_bytes: int, lines_per_statement: int) -> Path:
    """One migration of INSERT statements: each has so many lines of about ``line_bytes``."""
    folder.mkdir()
    row = "(1, '" + "x" * 80 + "')"
    rows_per_line = max(1, line_bytes // (len(row) + 2))
    line = ", ".join([row] * rows_per_line)
    statement = "INSERT INTO bulk VALUES " + ",\n".join([line] * lines_per_statement) + ";\n"
    with (folder / "00001_bulk.sql").open("w") as file:
        file.write("-- +goose Up\nCREATE UNLOGGED TABLE bulk (id int, name text);\n")
        for _ in range(max(1, total_bytes // len(statement))):
            file.write(statement)
        file.write("\n-- +goose Down\nDROP TABLE bulk;\n")
    return folder
