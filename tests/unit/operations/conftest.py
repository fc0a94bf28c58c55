"""A database, SQLite's or a real PostgreSQL, and a folder of migrations to run verbs on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from greylag.operations import careful
from greylag.operations.connect import connect
from greylag.operations.manners import manners_of
from greylag.operations.options import Care, RunOptions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from greylag.databases.base import Session
    from greylag.model.event import Event, Notice, Progress


@dataclass
class Ground:
    """One database, one session on it, one folder."""

    base: Path
    session: Session
    care = Care(manners_of(None, "test", {"USER": "ana"}), lambda _: None)

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
    (tmp_path / "migrations").mkdir(exist_ok=True)
    session = connect("sqlite3", str(tmp_path / "x.db"), "goose_db_version")
    yield Ground(tmp_path, session)
    session.close()


class CarefulGround:
    """A PostgreSQL database of its own, run on with care; ``told`` is what the runs said."""

    def __init__(self, base: Path, dsn: str) -> None:
        self.base, self.dsn = base, dsn
        self.folder = str(base / "migrations")
        self.session = connect("postgres", dsn, "goose_db_version")
        self.told: list[Notice | Progress] = []
        self.care = Care(manners_of(None, "test", {"USER": "ana"}), self.told.append)

    def write(self, version: int, up: str = "", down: str = "", *, apart: bool = False) -> Path:
        """A file that makes ``t<version>``, or does what ``up`` says, outside transactions where ``apart``."""
        up, down = up or f"CREATE TABLE t{version} (id int);", down or f"DROP TABLE t{version};"
        head = "-- +goose NO TRANSACTION\n" if apart else ""
        path = self.base / "migrations" / f"{version}_t.sql"
        path.write_text(f"{head}-- +goose Up\n{up}\n-- +goose Down\n{down}\n")
        return path

    def up(self) -> list[Event]:
        return list(careful.up(self.session, self.folder, RunOptions(care=self.care)))

    def back(self, verb: str = "down") -> list[Event]:
        return list(careful.back(self.session, self.folder, RunOptions(care=self.care), verb=verb))

    def ask(self, query: str) -> list[Any]:
        import psycopg

        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def versions(self) -> list[int]:
        """The versions of the version table, but 0, in the order of its rows."""
        query = "SELECT version_id FROM goose_db_version WHERE version_id > 0 AND is_applied ORDER BY id"
        return [version for (version,) in self.ask(query)]

    def tables(self) -> list[str]:
        """The tables of migrations, by name."""
        query = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^t[0-9]' ORDER BY 1"
        return [name for (name,) in self.ask(query)]

    def states(self) -> list[tuple[int, str, str]]:
        """Version, direction and state of the journal's rows about whole files, oldest first."""
        journal = self.session.journal()
        assert journal is not None
        rows = [row for row in journal.entries() if row.statement is None]
        return [(row.version, row.direction, row.state) for row in reversed(rows)]


@pytest.fixture
def own(tmp_path: Path, database: str) -> Iterator[CarefulGround]:
    (tmp_path / "migrations").mkdir(exist_ok=True)
    ground = CarefulGround(tmp_path, database)
    yield ground
    ground.session.close()
