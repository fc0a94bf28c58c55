"""One look at an SQLite database; it makes no file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from greylag.databases.sqlite.examination import examine
from greylag.databases.sqlite.session import SqliteSession

if TYPE_CHECKING:
    from pathlib import Path


def test_no_file_yet(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    found = examine(SqliteSession(str(path), "goose_db_version"))
    assert found.facts == {
        "file": {"path": str(path), "there": False, "writable": True, "folder_writable": True},
        "rows": None,
    }
    assert not path.exists()


def test_rows_oldest_first_with_those_that_have_no_time(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    session = SqliteSession(str(path), "goose_db_version")
    session.create_history()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO goose_db_version (version_id, is_applied) VALUES (7, 0)")
        connection.execute("UPDATE goose_db_version SET tstamp = NULL WHERE version_id = 7")
        connection.commit()
    found = examine(session)
    assert found.facts["rows"] == [[1, 0, True, False], [2, 7, False, True]]
    assert found.facts["file"]["there"] and found.unseen == {}
    session.close()


def test_a_table_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE goose_db_version (id INTEGER)")
    session = SqliteSession(str(path), "goose_db_version")
    found = examine(session)
    assert "no such column" in found.unseen["rows"] and "rows" not in found.facts
    session.close()
