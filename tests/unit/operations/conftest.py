"""A SQLite database and a folder of migrations to run verbs on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from greylag.operations.connect import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from greylag.databases.base import Session


@dataclass
class Ground:
    """One database, one session on it, one folder."""

    base: Path
    session: Session

    @property
    def folder(self) -> str:
        return str(self.base / "migrations")

    def write(self, *versions: int) -> None:
        """A file per version that makes the table ``t<version>`` and drops it."""
        for version in versions:
            text = (
                f"-- +goose Up\nCREATE TABLE t{version} (id int);\n-- +goose Down\nDROP TABLE t{version};\n"
            )
            (self.base / "migrations" / f"{version}_t.sql").write_text(text)

    def remove(self, version: int) -> None:
        (self.base / "migrations" / f"{version}_t.sql").unlink()

    def ask(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.base / "x.db")) as connection:
            rows = connection.execute(query).fetchall()
            connection.commit()
        return rows

    def tables(self) -> list[str]:
        """The tables of migrations, by name."""
        rows = self.ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 't_' ORDER BY 1")
        return [name for (name,) in rows]

    def versions(self) -> list[int]:
        """The versions of the version table in the order of its rows."""
        return [version for (version,) in self.ask("SELECT version_id FROM goose_db_version ORDER BY id")]

    def has_history(self) -> bool:
        return self.ask("SELECT 1 FROM sqlite_master WHERE name = 'goose_db_version'") != []


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Ground]:
    (tmp_path / "migrations").mkdir()
    session = connect("sqlite3", str(tmp_path / "x.db"), "goose_db_version")
    yield Ground(tmp_path, session)
    session.close()
