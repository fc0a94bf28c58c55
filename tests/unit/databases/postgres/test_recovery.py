"""After a loss: what the version table says, and how sure that is."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres import connection, recovery
from greylag.databases.postgres.flight import Flight
from greylag.databases.postgres.recovery import find_standing
from greylag.databases.postgres.session import PostgresSession
from tests.engines.scripts import down, script, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.model.migration import Script


@pytest.fixture
def session(database: str) -> Iterator[PostgresSession]:
    made = PostgresSession(database, "v")
    made.create_history()
    list(made.apply([script(1), script(2)]))
    yield made
    made.close()


def flights(*scripts: Script, unsent: Script | None = None) -> list[Flight]:
    made = [Flight(one) for one in scripts]
    for flight in made:
        flight.sent = True
    return made + ([Flight(unsent)] if unsent else [])


def test_the_table_decides(session: PostgresSession) -> None:
    standing, certain = find_standing(session, None, flights(script(2), script(3), script(4)), recorded=True)
    assert told(standing) == [(2, "up", 0)]
    assert certain == "00003_x.sql was not committed: v says so"


def test_on_the_way_down_a_missing_row_means_it_stands(session: PostgresSession) -> None:
    standing, certain = find_standing(session, None, flights(down(3), down(2)), recorded=True)
    assert told(standing) == [(3, "down", 0)]
    assert certain == "00002_x.sql was not committed: v says so"


def test_all_of_them_stand(session: PostgresSession) -> None:
    standing, certain = find_standing(session, None, flights(script(1), script(2)), recorded=True)
    assert (told(standing), certain) == ([(1, "up", 0), (2, "up", 0)], "")


def test_a_file_whose_commit_was_never_sent_cannot_stand(session: PostgresSession) -> None:
    standing, certain = find_standing(session, None, flights(script(1), unsent=script(2)), recorded=True)
    assert told(standing) == [(1, "up", 0)]
    assert certain == "00002_x.sql was not committed: v says so"


def test_without_records_nothing_is_known(session: PostgresSession) -> None:
    standing, certain = find_standing(session, None, flights(script(1)), recorded=False)
    assert (standing, certain) == (
        [],
        "it is not known whether 00001_x.sql was committed: nothing records it",
    )


def test_without_a_server_nothing_is_known() -> None:
    gone = PostgresSession("postgres://u@127.0.0.1:1/d?sslmode=disable", "v")
    standing, certain = find_standing(gone, None, flights(script(1)), recorded=True)
    assert standing == []
    assert certain.startswith("it is not known whether 00001_x.sql was committed")


def test_a_process_that_still_works_is_stopped_first(session: PostgresSession, database: str) -> None:
    lost = connection.connect(session.settings, None, None)
    sent = b"BEGIN; SELECT pg_sleep(60); INSERT INTO v (version_id, is_applied) VALUES (3, true); COMMIT"
    assert lost.libpq.send_query(lost.handle, sent)
    lost.libpq.flush(lost.handle)
    time.sleep(0.2)
    standing, certain = find_standing(session, lost, flights(script(3)), recorded=True)
    assert (standing, certain) == ([], "00003_x.sql was not committed: v says so")
    with psycopg.connect(database) as other:
        query = "SELECT state FROM pg_stat_activity WHERE pid = %s"
        assert other.execute(query, (lost.canceller.pid,)).fetchall() == [("idle in transaction (aborted)",)]
    lost.close()


def test_as_long_as_it_works_nothing_is_certain(
    session: PostgresSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "_SECONDS", 0.5)
    lost = connection.connect(session.settings, None, None)
    lost.canceller.cancel = lambda: None  # type: ignore[method-assign]
    assert lost.libpq.send_query(lost.handle, b"SELECT pg_sleep(60)")
    lost.libpq.flush(lost.handle)
    time.sleep(0.2)
    _, certain = find_standing(session, lost, flights(script(3)), recorded=True)
    assert certain.startswith("it is not known whether 00003_x.sql was committed")
    lost.close()


def test_one_that_finishes_meanwhile_is_seen(session: PostgresSession) -> None:
    lost = connection.connect(session.settings, None, None)
    lost.canceller.cancel = lambda: None  # type: ignore[method-assign]
    sent = b"BEGIN; SELECT pg_sleep(0.5); INSERT INTO v (version_id, is_applied) VALUES (3, true); COMMIT"
    assert lost.libpq.send_query(lost.handle, sent)
    lost.libpq.flush(lost.handle)
    thread = threading.Thread(target=lost.discard)
    thread.start()
    time.sleep(0.1)
    standing, certain = find_standing(session, lost, flights(script(3)), recorded=True)
    thread.join()
    assert (told(standing), certain) == ([(3, "up", 0)], "")
    lost.close()
