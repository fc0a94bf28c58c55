"""Sessions: goose's questions and statements, in goose's order, without transactions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from greylag.databases.base import Deadline
from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.errors import ApplyError, ConnectError, DatabaseError, DeadlineError, InterruptedRunError
from greylag.model.care import Manners, Runner
from greylag.model.history import Applied
from greylag.model.spread import Spread
from tests.engines.scripts import down, script, told
from tests.plugins.clickhouse import MISSING, is_there

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.plugins.clickhouse import ClickhouseServer

CREATE = "CREATE TABLE a (n Int32) ENGINE = MergeTree ORDER BY n;"


class Signal:
    signal = 0

    def fileno(self) -> int:
        return 0


@pytest.fixture
def session(clickhouse: ClickhouseServer, clickhouse_database: str) -> Iterator[ClickhouseSession]:
    made = ClickhouseSession(clickhouse.url(clickhouse_database), "goose_db_version")
    made.create_history()
    yield made
    made.close()


@pytest.fixture
def bare(clickhouse: ClickhouseServer, clickhouse_database: str) -> Iterator[ClickhouseSession]:
    """On a database without a version table."""
    made = ClickhouseSession(clickhouse.url(clickhouse_database), "goose_db_version")
    yield made
    made.close()


def sent(server: ClickhouseServer, database: str, *, after: int) -> list[str]:
    return [" ".join(line["text"].split()) for line in server.statements(database)[after:]]


def test_the_statements_of_a_run(
    clickhouse: ClickhouseServer, clickhouse_database: str, session: ClickhouseSession
) -> None:
    before = len(clickhouse.statements(clickhouse_database))
    ran = list(session.apply([script(1, CREATE), script(2), down(1, "DROP TABLE a;")]))
    assert told(ran) == [(1, "up", 1), (2, "up", 0), (1, "down", 1)]
    assert sent(clickhouse, clickhouse_database, after=before) == [
        CREATE,
        "INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, 1)",
        "INSERT INTO goose_db_version (version_id, is_applied) VALUES (2, 1)",
        "DROP TABLE a;",
        "ALTER TABLE goose_db_version DELETE WHERE version_id = 1 SETTINGS mutations_sync = 2",
    ]
    assert session.history() == [Applied(2, True), Applied(0, True)]


def test_history_and_stamps(
    clickhouse: ClickhouseServer, clickhouse_database: str, session: ClickhouseSession
) -> None:
    clickhouse.ask(
        "INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES "
        "(5, 1, '2024-05-01 12:34:56'), (5, 0, '2024-06-01 00:00:00'), (9, 1, '2024-01-02 03:04:05')",
        clickhouse_database,
    )
    assert [row.version for row in session.history()] == [9, 5, 5, 0]
    stamps = {stamp.version: stamp for stamp in session.stamps()}
    assert not stamps[5].applied
    assert stamps[9].at == datetime(2024, 1, 2, 3, 4, 5)
    assert session.moments()[5] == datetime(2024, 6, 1)


def test_rows_that_cannot_be_read(
    clickhouse: ClickhouseServer, clickhouse_database: str, session: ClickhouseSession
) -> None:
    clickhouse.ask(
        "CREATE TABLE odd (version_id String, is_applied UInt8, tstamp Nullable(String)) ENGINE = Memory",
        clickhouse_database,
    )
    clickhouse.ask("INSERT INTO odd VALUES ('1', 2, NULL), ('x', 1, NULL)", clickhouse_database)
    session.table = "odd"
    with pytest.raises(DatabaseError, match="Scan error") as caught:
        session.history()
    assert "version table" in str(caught.value.hint)
    (stamp,) = session.stamps()
    assert (stamp.version, stamp.at) == (1, None)
    assert "<nil> into type *time.Time" in stamp.fault


def test_a_table_that_is_missing(clickhouse_database: str, bare: ClickhouseSession) -> None:
    with pytest.raises(DatabaseError) as caught:
        bare.history()
    assert caught.value.no_history
    assert bare.connect().database == clickhouse_database


@pytest.mark.parametrize("transactional", [True, False])
def test_a_failed_file_keeps_what_ran(
    clickhouse: ClickhouseServer, clickhouse_database: str, session: ClickhouseSession, transactional: bool
) -> None:
    steps: list[tuple[str, str, bool]] = []
    failing = script(2, CREATE, "INSERT INTO missing VALUES (1);", transactional=transactional)
    with pytest.raises(ApplyError) as caught:
        list(session.apply([script(1), failing, script(3)], trace=lambda *step: steps.append(step)))
    error = caught.value
    assert (error.stage, error.migration.version, error.transactional) == ("statement", 2, False)
    assert error.statement is not None
    assert error.statement.text == "INSERT INTO missing VALUES (1);"
    assert error.cause.number == 60
    assert told(error.applied) == [(1, "up", 0)]
    assert (("rollback", "", True) in steps) is transactional
    assert clickhouse.ask("EXISTS TABLE a", clickhouse_database) == [[1]]
    assert [row.version for row in session.history()] == [1, 0]


def test_a_row_that_cannot_be_written(session: ClickhouseSession) -> None:
    with pytest.raises(ApplyError) as caught:
        list(session.apply([script(1, "DROP TABLE goose_db_version SYNC;")]))
    assert (caught.value.stage, caught.value.statement) == ("insert", None)
    with pytest.raises(ApplyError) as caught:
        list(session.apply([down(1)]))
    assert caught.value.stage == "delete"


def test_without_record(
    clickhouse: ClickhouseServer, clickhouse_database: str, bare: ClickhouseSession
) -> None:
    assert bare.is_empty()
    assert told(list(bare.apply([script(1, CREATE)], record=False))) == [(1, "up", 1)]
    assert clickhouse.ask("SHOW TABLES", clickhouse_database) == [["a"]]
    assert not bare.is_empty()


def test_emptiness(session: ClickhouseSession) -> None:
    assert session.is_empty()
    session.table = "versions"
    assert not session.is_empty()
    session.table = "`it's`"
    assert not session.is_empty()


def test_beginning_fails_where_nobody_listens() -> None:
    session = ClickhouseSession("http://127.0.0.1:1/d", "t")
    with pytest.raises(ApplyError) as caught:
        list(session.apply([script(1, "SELECT 1;")], record=False))
    assert caught.value.stage == "begin"
    assert isinstance(caught.value.cause, ConnectError)


def test_a_connection_string_that_is_none() -> None:
    with pytest.raises(ConnectError, match="parse dsn address failed"):
        ClickhouseSession("nonsense", "t").history()


def test_signals_and_deadlines_before_anything_is_opened() -> None:
    signal = Signal()
    signal.signal = 2
    session = ClickhouseSession("http://127.0.0.1:1/d", "t", interrupt=signal)
    with pytest.raises(InterruptedRunError):
        session.history()
    with pytest.raises(InterruptedRunError) as caught:
        list(session.apply([script(1)]))
    assert caught.value.migration is None
    with pytest.raises(DeadlineError):
        ClickhouseSession("http://127.0.0.1:1/d", "t", deadline=Deadline(0)).history()


def test_a_signal_within_a_file(session: ClickhouseSession) -> None:
    signal = Signal()
    session.patience.interrupt = signal

    def arrive(step: str, _text: str, _inside: bool) -> None:
        signal.signal = 15 if step == "statement" else 0

    with pytest.raises(InterruptedRunError) as caught:
        list(session.apply([script(1, CREATE)], trace=arrive))
    assert caught.value.migration is not None
    assert not caught.value.transactional


def test_a_second_connection_leads_to_the_same_node(session: ClickhouseSession) -> None:
    aside = session.link_aside()
    assert aside is not None
    assert aside.address == session.link().address
    assert (
        aside.query("SELECT currentDatabase()").rows == session.link().query("SELECT currentDatabase()").rows
    )
    aside.close()


def test_what_belongs_to_greylag_does_not_count_as_a_table(session: ClickhouseSession) -> None:
    session.link().execute("CREATE TABLE greylag_journal (x Int8) ENGINE = Memory")
    session.link().execute("CREATE TABLE greylag_lock (x Int8) ENGINE = Memory")
    assert session.is_empty()
    session.link().execute("CREATE TABLE mine (x Int8) ENGINE = Memory")
    assert not session.is_empty()


def test_closing_twice_and_going_on(session: ClickhouseSession) -> None:
    assert session.names("t") == []
    session.close()
    session.close()
    assert session.history() == [Applied(0, True)]


def test_who_carries_out_a_careful_run_hears_what_the_link_says(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if not is_there():
        pytest.skip(MISSING)
    session = ClickhouseSession(f"chdb://{tmp_path}/db", "goose_db_version")
    heard: list[str] = []
    try:
        session.connect()
        session.careful(
            Manners(Runner("r", "ana", "desk", "test", "up")),
            lambda news: heard.append(getattr(news, "kind", "")),
        )
        session.link().execute("CREATE TABLE a ON CLUSTER c (n Int8) ENGINE = MergeTree ORDER BY n")
    finally:
        session.close()
    assert (heard, capfd.readouterr().err) == (["local"], "")


def test_a_run_stays_with_the_host_it_reached_first(
    clickhouse: ClickhouseServer, clickhouse_database: str
) -> None:
    address = urlsplit(clickhouse.url(clickhouse_database)).netloc
    dsn = f"http://{address},127.0.0.1:1/{clickhouse_database}?distributed_ddl_task_timeout=900"
    session = ClickhouseSession(dsn, "goose_db_version", spread=Spread("c"))
    session.pin()
    assert (session.settings.addresses, session.addresses) == ((address,), (address, "127.0.0.1:1"))
    assert session.settings.read_timeout > 900
    session.unpin()
    assert session.settings.addresses == session.addresses == (address, "127.0.0.1:1")
    session.close()


def test_an_embedded_engine_is_in_no_cluster() -> None:
    spread = Spread("c")
    assert ClickhouseSession("chdb:///x?database=d", "t", spread=spread).spread is None
    assert ClickhouseSession("http://h:1/d", "t", spread=spread).spread is spread
