"""What a run waits for, seen on sessions that really block each other."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from greylag.databases.postgres import dsn
from greylag.databases.postgres.careful import watcher as module
from greylag.databases.postgres.careful.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.model.event import Notice
    from tests.plugins.postgres import PostgresServer

LOCK = "LOCK TABLE users IN ACCESS EXCLUSIVE MODE"


class Stage:
    """A database with a table ``users``, and sessions on it that wait in threads of their own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ends = contextlib.ExitStack()
        self.told: list[Notice] = []
        self.alone("CREATE TABLE users (id int, name text)", "INSERT INTO users VALUES (1, 'a')")

    def alone(self, *statements: str) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def session(self, *statements: str, url: str = "", **named: Any) -> psycopg.Connection[Any]:
        """A session that has run ``statements`` and stays."""
        connection = psycopg.connect(url or self.url, **named)
        self.ends.callback(connection.close)
        for statement in statements:
            connection.execute(statement)
        return connection

    def waiting(self, statement: str, *before: str, **named: Any) -> int:
        """A session that waits for a lock in ``statement``; its pid."""
        connection = self.session(*before, **named)
        pid = connection.info.backend_pid

        def wait() -> None:
            with contextlib.suppress(psycopg.Error):
                connection.execute(statement)

        thread = threading.Thread(target=wait)
        thread.start()
        self.ends.callback(thread.join)
        self.ends.callback(self.end, pid)
        self.until(f"SELECT EXISTS (SELECT FROM pg_locks WHERE pid = {pid} AND NOT granted)")
        return pid

    def end(self, pid: int) -> None:
        with contextlib.suppress(psycopg.Error):
            self.alone(f"SELECT pg_terminate_backend({pid})")

    def until(self, question: str) -> None:
        for _ in range(600):
            if self.alone(question)[0][0]:
                return
            time.sleep(0.05)
        raise AssertionError(f"never true: {question}")

    def watcher(self, pid: int, url: str = "") -> Watcher:
        made = Watcher(dsn.parse(url or self.url, {}), pid, self.told.append)
        self.ends.callback(made.close)
        return made

    def notice(self) -> Notice:
        (notice,) = self.told
        return notice


@pytest.fixture
def stage(database: str) -> Iterator[Stage]:
    made = Stage(database)
    with made.ends:
        yield made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the watcher's clock forward."""
    ahead = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: time.monotonic() + ahead[0])
    return lambda seconds: ahead.__setitem__(0, ahead[0] + seconds)


def test_a_transaction_left_open_is_named_with_the_way_out(stage: Stage) -> None:
    holder = stage.session("SELECT count(*) FROM users", application_name="backend api").info.backend_pid
    pid = stage.waiting(LOCK)
    for _ in range(2):
        stage.waiting("SELECT name FROM users")
    stage.watcher(pid).look(1.24, "3_a.sql:4")
    notice = stage.notice()
    first, second = notice.text.splitlines()
    assert notice.kind == "blocked"
    assert first.startswith(
        f"3_a.sql:4 waits 1.2 s for ACCESS EXCLUSIVE on users behind pid {holder} (postgres@127.0.0.1, "
        '"backend api", idle in transaction, transaction open for '
    )
    assert first.endswith("): SELECT count(*) FROM users; 2 sessions wait behind it")
    assert second == f"to end what holds it: SELECT pg_terminate_backend({holder});"
    facts = dict(notice.facts)
    (blocker,) = facts.pop("blockers")  # type: ignore[misc]
    assert facts == {
        "label": "3_a.sql:4",
        "waited_seconds": 1.2,
        "lock": "ACCESS EXCLUSIVE",
        "on": "users",
        "prepared": [],
        "queue": 2,
        "remedy": f"SELECT pg_terminate_backend({holder});",
    }
    assert blocker.pop("open_seconds") >= 0
    assert blocker == {
        "pid": holder,
        "role": "postgres",
        "application": "backend api",
        "client": "127.0.0.1",
        "state": "idle in transaction",
        "kind": "client backend",
        "query": "SELECT count(*) FROM users",
        "behind": [],
    }


def test_the_remedy_works(stage: Stage) -> None:
    stage.session("LOCK TABLE users")
    pid = stage.waiting(LOCK)
    stage.watcher(pid).look(1, "x")
    stage.alone(str(stage.notice().facts["remedy"]))
    stage.until(f"SELECT NOT EXISTS (SELECT FROM pg_locks WHERE pid = {pid} AND NOT granted)")


def test_it_shows_itself_under_its_own_name_and_leaves_when_closed(stage: Stage) -> None:
    mine = "SELECT count(*) = {} FROM pg_stat_activity WHERE application_name = 'greylag watcher'"
    pid = stage.session().info.backend_pid
    watcher = stage.watcher(pid)
    stage.until(mine.format(0))
    watcher.look(1, "x")
    watcher.look(2, "x")
    stage.until(mine.format(1))
    watcher.close()
    watcher.close()
    stage.until(mine.format(0))
    assert stage.told == [] and watcher.progress() is None


def test_the_same_blockers_are_told_every_ten_seconds_and_new_ones_at_once(
    stage: Stage, clock: Callable[[float], None]
) -> None:
    stage.session("SELECT FROM users")
    pid = stage.waiting(LOCK)
    watcher = stage.watcher(pid)
    watcher.look(1, "x")
    clock(9)
    watcher.look(10, "x")
    assert len(stage.told) == 1
    clock(1.1)
    watcher.look(11, "x")
    assert len(stage.told) == 2 and "waits 11 s" in stage.told[1].text
    stage.alone(str(stage.told[0].facts["remedy"]))
    stage.until(f"SELECT NOT EXISTS (SELECT FROM pg_locks WHERE pid = {pid} AND NOT granted)")
    watcher.look(12, "x")
    assert len(stage.told) == 2


def test_who_waits_itself_is_told_with_the_one_it_waits_for(stage: Stage) -> None:
    root = stage.session("SELECT FROM users").info.backend_pid
    middle = stage.waiting(LOCK)
    pid = stage.waiting("SELECT * FROM users")
    stage.watcher(pid).look(1, "x")
    first, one, other, last = stage.notice().text.splitlines()
    assert first == "x waits 1.0 s for ACCESS SHARE on users behind 2 others"
    assert one.startswith(f"pid {middle} (") and one.endswith(f": {LOCK} (waits itself behind pid {root})")
    assert other.startswith(f"pid {root} (")
    assert last == f"to end what holds it: SELECT pg_terminate_backend({root});"


def test_a_row_held_by_another_transaction(stage: Stage) -> None:
    holder = stage.session("UPDATE users SET name = 'b'").info.backend_pid
    pid = stage.waiting("DELETE FROM users")
    stage.watcher(pid).look(1, "")
    text = stage.notice().text
    assert text.startswith("waits 1.0 s for transaction ") and f" to end behind pid {holder} (" in text


def test_a_concurrent_build_names_the_old_snapshot_it_waits_for(stage: Stage) -> None:
    stage.alone("CREATE TABLE other (id int)")
    holder = stage.session("BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT FROM other", autocommit=True)
    pid = stage.waiting("CREATE INDEX CONCURRENTLY ON users (id)", autocommit=True)
    watcher = stage.watcher(pid)
    watcher.look(1, "x")
    text = stage.notice().text
    assert f" for an older transaction to end behind pid {holder.info.backend_pid} (" in text
    phase, ended, all_of_them = watcher.progress() or ("", 0, 0)
    assert (phase, ended) == ("waiting for old snapshots", 0)
    assert all_of_them >= 1  # other tests' sessions on this server may count
    holder.close()
    stage.until(f"SELECT NOT EXISTS (SELECT FROM pg_stat_progress_create_index WHERE pid = {pid})")
    watcher.look(2, "x")
    assert watcher.progress() is None


def test_a_concurrent_build_names_the_writer_it_waits_for(stage: Stage) -> None:
    holder = stage.session("INSERT INTO users VALUES (2, 'b')").info.backend_pid
    pid = stage.waiting("CREATE INDEX CONCURRENTLY ON users (id)", autocommit=True)
    watcher = stage.watcher(pid)
    watcher.look(1, "x")
    assert f"behind pid {holder} (" in stage.notice().text
    assert watcher.progress() == ("waiting for writers before build", 0, 1)


def test_no_password_of_others_is_shown(stage: Stage) -> None:
    stage.session("SELECT FROM users; ALTER ROLE CURRENT_USER PASSWORD 'hunter2'")
    pid = stage.waiting(LOCK)
    stage.watcher(pid).look(1, "x")
    assert "PASSWORD 'xxxxx'" in stage.notice().text
    assert "hunter2" not in repr(stage.notice())


def test_a_role_that_may_not_see_others_says_so_once(
    stage: Stage, postgres: PostgresServer, clock: Callable[[float], None]
) -> None:
    name = stage.url.rpartition("/")[2].partition("?")[0]
    role = f"role_{name}"
    stage.alone(f"CREATE ROLE {role} LOGIN", f"ALTER TABLE users OWNER TO {role}")
    stage.ends.callback(stage.alone, f"REASSIGN OWNED BY {role} TO postgres", f"DROP ROLE {role}")
    url = postgres.url(name, role)
    holder = stage.session("SELECT FROM users", application_name="api").info.backend_pid
    pid = stage.waiting(LOCK, url=url)
    watcher = stage.watcher(pid, url)
    watcher.look(1, "x")
    clock(11)
    watcher.look(12, "x")
    first, second = stage.told
    assert f'behind pid {holder} (postgres, "api")' in first.text
    assert first.text.endswith(
        f"what {role} may not see of them, it would with: GRANT pg_read_all_stats TO {role};"
    )
    assert "pg_read_all_stats" not in second.text and "(postgres" in second.text


def test_no_second_connection(stage: Stage, postgres: PostgresServer, clock: Callable[[float], None]) -> None:
    name = stage.url.rpartition("/")[2].partition("?")[0]
    role = f"single_{name}"
    stage.alone(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 1", f"ALTER TABLE users OWNER TO {role}")
    stage.ends.callback(stage.alone, f"REASSIGN OWNED BY {role} TO postgres", f"DROP ROLE {role}")
    url = postgres.url(name, role)
    holder = stage.session("SELECT FROM users").info.backend_pid
    pid = stage.waiting(LOCK, url=url)
    watcher = stage.watcher(pid, url)
    watcher.look(1, "3_a.sql:4")
    notice = stage.notice()
    query = f"SELECT * FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids({pid}));"
    assert notice.kind == "unwatched"
    assert notice.text == (
        "what 3_a.sql:4 waits for cannot be seen, for want of a second connection: "
        f'too many connections for role "{role}"\nto see it from elsewhere: {query}'
    )
    assert [row[2] for row in stage.alone(query)] == [holder]
    clock(11)
    watcher.look(12, "x")
    assert len(stage.told) == 1
    stage.alone(f"ALTER ROLE {role} CONNECTION LIMIT 2")
    watcher.look(13, "x")
    assert len(stage.told) == 1, "it backs off after a failure"
    clock(31)
    watcher.look(14, "x")
    assert [each.kind for each in stage.told] == ["unwatched", "blocked"]


def test_a_server_that_does_not_know_the_process(stage: Stage) -> None:
    watcher = stage.watcher(2**31 - 1)
    watcher.look(1, "x")
    assert stage.told == [], "the statement may just have ended"
    watcher.look(2, "x")
    watcher.look(3, "x")
    assert "came to a server that does not know the run's" in stage.notice().text


def test_a_server_that_goes_away(own_postgres: PostgresServer, clock: Callable[[float], None]) -> None:
    stage = Stage(own_postgres.url())
    watcher = stage.watcher(stage.session().info.backend_pid)
    with stage.ends:
        watcher.look(1, "x")
        assert stage.told == []
        own_postgres.stop()
        watcher.look(2, "x")
        clock(11)
        watcher.look(12, "x")
        assert stage.notice().kind == "unwatched"


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.2)
    told: list[Notice] = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://app@127.0.0.1:{silent.getsockname()[1]}/d?sslmode=disable"
        Watcher(dsn.parse(url, {}), 7, told.append).look(1, "x")
    (notice,) = told
    assert str(notice.facts["reason"]).startswith("no answer from 127.0.0.1:")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("_LOOK_SECONDS", 0.2, "it had no answer within 0.2 s"),
        ("_TIMEOUT", b"SET statement_timeout = 200", "canceling statement due to statement timeout"),
    ],
)
def test_a_question_that_waits_itself_is_given_up(
    name: str, value: object, reason: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, value)
    holder = stage.session()
    watcher = stage.watcher(holder.info.backend_pid)
    watcher.look(1, "x")
    assert stage.told == []
    holder.execute("LOCK TABLE pg_catalog.pg_prepared_xacts")
    watcher.look(2, "x")
    assert stage.notice().facts["reason"] == reason
    holder.rollback()


def test_an_autovacuum_worker(own_postgres: PostgresServer) -> None:
    config = own_postgres.base / "data" / "postgresql.auto.conf"
    own_postgres.stop("fast")
    config.write_text("autovacuum_naptime = 1\n")
    own_postgres.start()
    stage = Stage(own_postgres.url())
    slow = "autovacuum_vacuum_threshold = 1, autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1"
    with stage.ends:
        stage.alone(
            f"CREATE TABLE big (id int, filler text) WITH ({slow})",
            "INSERT INTO big SELECT n, repeat('x', 1000) FROM generate_series(1, 5000) AS n",
            "UPDATE big SET id = id + 1",
        )
        stage.until("SELECT EXISTS (SELECT FROM pg_stat_progress_vacuum WHERE relid = 'big'::regclass)")
        pid = stage.waiting("LOCK TABLE big", "SET deadlock_timeout = '1min'")
        stage.watcher(pid).look(1, "x")
        first, second = stage.notice().text.splitlines()
        assert " (an autovacuum worker, it gives way by itself): autovacuum: VACUUM " in first
        assert second.startswith("nothing has to be done: ") and stage.notice().facts["remedy"] == ""


def test_a_prepared_transaction(own_postgres: PostgresServer) -> None:
    config = own_postgres.base / "data" / "postgresql.auto.conf"
    own_postgres.stop("fast")
    config.write_text("max_prepared_transactions = 2\n")
    own_postgres.start()
    stage = Stage(own_postgres.url())
    with stage.ends:
        stage.alone("BEGIN; INSERT INTO users VALUES (2, 'b'); PREPARE TRANSACTION 'pay''ment 7'")
        pid = stage.waiting(LOCK)
        stage.watcher(pid).look(1, "x")
        first, second = stage.notice().text.splitlines()
        assert first.startswith(
            """x waits 1.0 s for ACCESS EXCLUSIVE on users behind the prepared transaction "pay'ment 7", """
        )
        assert first.endswith("by postgres, which no session holds")
        assert second == "to end what holds it: ROLLBACK PREPARED 'pay''ment 7';"
        assert stage.notice().facts["prepared"] == [{"gid": "pay'ment 7", "role": "postgres"}]
        stage.alone(str(stage.notice().facts["remedy"]))
        stage.until(f"SELECT NOT EXISTS (SELECT FROM pg_locks WHERE pid = {pid} AND NOT granted)")
