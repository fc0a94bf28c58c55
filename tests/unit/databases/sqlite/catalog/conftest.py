"""An SQLite file that is looked at through a session."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from greylag.databases.sqlite.session import SqliteSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from greylag.model.catalog.catalog import Catalog


@pytest.fixture
def look(tmp_path: Path) -> Callable[[str], Catalog]:
    """Runs statements, and gives what the database is then."""
    path = str(tmp_path / "test.db")

    def run(ddl: str) -> Catalog:
        connection = sqlite3.connect(path)
        connection.executescript(ddl)
        connection.close()
        session = SqliteSession(path, "goose_db_version")
        try:
            return session.catalog()
        finally:
            session.close()

    return run
