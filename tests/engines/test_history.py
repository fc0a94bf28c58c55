"""The version table: made once, read newest first, under any name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from greylag.errors import DatabaseError
from greylag.model.history import Applied

if TYPE_CHECKING:
    from tests.engines.conftest import Engine


def write(engine: Engine, *rows: tuple[int, bool, str]) -> None:
    values = ", ".join(f"({version}, {str(applied).upper()}, '{at}')" for version, applied, at in rows)
    engine.ask(f"INSERT INTO {engine.table} (version_id, is_applied, tstamp) VALUES {values}")


def test_a_database_without_the_table_says_so_and_stays_as_it_is(engine: Engine) -> None:
    session = engine.open()
    with pytest.raises(DatabaseError, match="goose_db_version") as caught:
        session.history()
    assert "goose_db_version" in caught.value.driver_text
    assert engine.ask("SELECT 1") == [(1,)]
    assert engine.tables() == set()


def test_the_table_is_made_with_version_zero(engine: Engine) -> None:
    session = engine.open()
    session.create_history()
    assert session.history() == [Applied(0, True)]
    (stamp,) = session.stamps()
    assert (stamp.version, stamp.applied, stamp.fault) == (0, True, "")
    assert stamp.at is not None
    assert abs(stamp.at - datetime.now(UTC).replace(tzinfo=None)) < timedelta(hours=1)


def test_making_it_twice_fails_and_harms_nothing(engine: Engine) -> None:
    session = engine.open()
    session.create_history()
    with pytest.raises(DatabaseError, match="already exists"):
        session.create_history()
    assert session.history() == [Applied(0, True)]


def test_an_empty_table_has_no_rows(engine: Engine) -> None:
    session = engine.open()
    session.create_history()
    engine.ask(f"DELETE FROM {engine.table} WHERE version_id >= 0")
    assert session.history() == []
    assert session.stamps() == []


def test_rows_come_newest_id_first(engine: Engine) -> None:
    session = engine.open()
    session.create_history()
    write(engine, (5, True, "2024-05-01 00:00:00"), (3, True, "2024-01-01 00:00:00"))
    write(engine, (5, False, "2024-04-01 00:00:00"))
    assert session.history() == [Applied(5, False), Applied(3, True), Applied(5, True), Applied(0, True)]


def test_the_stamp_of_a_version_is_its_latest_row_by_time(engine: Engine) -> None:
    session = engine.open()
    session.create_history()
    write(engine, (5, True, "2024-05-01 12:34:56"), (5, False, "2024-04-01 00:00:00"))
    write(engine, (6, True, "2024-06-01 00:00:00"), (6, False, "2024-06-02 01:02:03"))
    stamps = {stamp.version: stamp for stamp in session.stamps()}
    assert session.moments() == {version: stamp.at for version, stamp in stamps.items()}
    assert stamps[5].applied
    assert stamps[5].at == datetime(2024, 5, 1, 12, 34, 56)
    assert not stamps[6].applied
    assert stamps[6].at == datetime(2024, 6, 2, 1, 2, 3)


def test_of_two_rows_with_one_time_the_first_counts(engine: Engine) -> None:
    session = engine.open()
    session.create_history()
    write(engine, *[(version, version % 2 == 0, "2024-05-01 00:00:00") for version in range(1, 40)])
    write(engine, *[(version, version % 2 == 1, "2024-05-01 00:00:00") for version in range(1, 40)])
    stamps = {stamp.version: stamp.applied for stamp in session.stamps() if stamp.version}
    assert stamps == {version: version % 2 == 0 for version in range(1, 40)}


@pytest.mark.parametrize(
    ("table", "stored"), [('"My Versions"', "My Versions"), ("my_versions", "my_versions")]
)
def test_the_name_goes_into_sql_unquoted(engine: Engine, table: str, stored: str) -> None:
    session = engine.open(table)
    session.create_history()
    assert session.history() == [Applied(0, True)]
    assert stored in engine.tables()


def test_a_name_that_is_no_identifier_is_an_error(engine: Engine) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)syntax error"):
        engine.open("no-name").create_history()
    assert engine.tables() == set()


def test_many_rows(engine: Engine) -> None:
    session = engine.open()
    session.create_history()
    for start in range(1, 10001, 500):
        write(engine, *[(version, True, "2024-01-01 00:00:00") for version in range(start, start + 500)])
    rows = session.history()
    assert rows[0] == Applied(10000, True)
    assert [row.version for row in rows] == list(range(10000, -1, -1))
    assert len(session.stamps()) == 10001


def test_a_session_says_where_it_leads(engine: Engine) -> None:
    server = engine.open().connect()
    assert server.engine
    assert server.version[0].isdigit()
    assert server.database


def test_closing_twice_and_going_on(engine: Engine) -> None:
    session = engine.open()
    session.create_history()
    session.close()
    session.close()
    assert session.history() == [Applied(0, True)]
