"""Opening: what the parameters of a data source do to a connection."""

from __future__ import annotations

import sqlite3
import sys
from typing import TYPE_CHECKING

import pytest

from greylag.databases.sqlite.connection import open_connection
from greylag.databases.sqlite.dsn import read_source
from greylag.errors import ConnectError

if TYPE_CHECKING:
    from pathlib import Path


def refusal(dsn: str) -> str:
    with pytest.raises(ConnectError) as caught:
        open_connection(read_source(dsn))
    return caught.value.driver_text


def test_pragmas_are_run_and_the_lock_is_kept(tmp_path: Path) -> None:
    dsn = f"{tmp_path}/x.db?_pragma=foreign_keys(1)&_pragma=user_version=7&_txlock=immediate"
    connection, settings = open_connection(read_source(dsn))
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert connection.execute("PRAGMA user_version").fetchone() == (7,)
    assert settings.begin == "begin immediate"
    assert connection.isolation_level is None
    connection.close()


def test_an_empty_stand_in_has_the_settings_and_not_the_data(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    connection, settings = open_connection(read_source(f"{path}?_txlock=exclusive"), empty=True)
    assert settings.begin == "begin exclusive"
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    assert not path.exists()


@pytest.mark.parametrize(
    ("dsn", "text"),
    [
        ("{}/no/x.db", "unable to open database file (14)"),
        ("{}", "unable to open database file (14)"),
        ("{}/x.db?vfs=foo", "SQL logic error: no such vfs: foo (1)"),
        ("file:{}/x.db?mode=ro", "unable to open database file (14)"),
        ("file:{}/x.db?mode=odd", "SQL logic error: no such access mode: odd (1)"),
        ("file:{}/x.db?cache=odd", "SQL logic error: no such cache mode: odd (1)"),
        ("file://host{}/x.db", "SQL logic error: invalid uri authority: host (1)"),
        ("{}/x.db?_pragma=foo bar", 'SQL logic error: near "bar": syntax error (1)'),
        ("{}/x.db?_txlock=odd", 'unknown _txlock "odd"'),
        ("{}/x.db?_dqs=u", 'invalid _dqs value "u": strconv.ParseBool: parsing "u": invalid syntax'),
    ],
)
def test_what_cannot_be_opened_says_so_in_the_go_drivers_words(tmp_path: Path, dsn: str, text: str) -> None:
    assert refusal(dsn.format(tmp_path)) == text


def test_strings_in_double_quotes_can_be_forbidden(tmp_path: Path) -> None:
    dsn = f"{tmp_path}/x.db?_dqs=0"
    if sys.version_info < (3, 12):
        assert "Python 3.12" in refusal(dsn)
        return
    connection, _ = open_connection(read_source(dsn))
    with pytest.raises(sqlite3.OperationalError):
        connection.execute('SELECT "nothing"')
    connection.close()
