"""greylag's careful runs on a real server, inside this process: a folder, one database, and what was told."""

from __future__ import annotations

import itertools
import os
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from greylag.databases.postgres.session import PostgresSession
from greylag.migrations.files import collect
from greylag.migrations.fingerprint import read_record, record_of, statement_hashes
from greylag.migrations.parser import ParseOptions, parse, parse_content
from greylag.model.care import CarefulScript, Manners, Runner
from greylag.model.event import Notice, Ran
from greylag.model.migration import Migration
from greylag.operations import careful
from greylag.operations.options import Care, RunOptions, any_line_options
from greylag.sql.facts import examine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from greylag.databases.postgres.careful.custody import Custody
    from greylag.model.care import Entry, Known, Opening, Record
    from greylag.model.event import Progress
    from greylag.model.migration import Direction, Script
    from tests.plugins.postgres import PostgresServer

RUN = "00000000-0000-4000-8000-000000000001"
LOCK_ID = 4097083626

_names = itertools.count(1)


def manners(**changed: Any) -> Manners:
    """Short waits, so that what is refused is refused soon."""
    made = Manners(Runner(RUN, "ada", "engine-room", "greylag test", "up"), 0.25, 5.0, 5.0)
    return made._replace(**changed)


class Bench:
    """One database and one folder. Every run is a session of its own, as a program's would be."""

    def __init__(self, dsn: str, base: Path) -> None:
        self.dsn, self.base = dsn, base
        self.folder = base / "migrations"
        self.folder.mkdir()
        self.told: list[Notice | Progress] = []
        self.table = "goose_db_version"
        self._sessions: list[PostgresSession] = []

    # -- the folder ---------------------------------------------------------------------------------------

    def write(self, name: str, up: str, down: str = "", *, outside: bool = False) -> None:
        """A migration file; ``outside`` puts NO TRANSACTION in front."""
        head = "-- +goose NO TRANSACTION\n" if outside else ""
        self.put(name, f"{head}-- +goose Up\n{up}\n-- +goose Down\n{down}\n".encode())

    def put(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text()
        assert old in text
        (self.folder / name).write_text(text.replace(old, new))

    def remove(self, *names: str) -> None:
        for name in names:
            (self.folder / name).unlink()

    # -- runs ---------------------------------------------------------------------------------------------

    def session(self, dsn: str = "", table: str = "") -> PostgresSession:
        made = PostgresSession(dsn or self.dsn, table or self.table)
        self._sessions.append(made)
        return made

    def options(self, *, allow_missing: bool = False, **changed: Any) -> RunOptions:
        care = Care(manners(**changed), self.told.append)
        return RunOptions(allow_missing=allow_missing, parse=any_line_options(), care=care)

    def up(self, *, dsn: str = "", table: str = "", **changed: Any) -> list[int]:
        """``greylag up``: the versions that ran, in order."""
        session = self.session(dsn, table)
        try:
            events = careful.up(session, str(self.folder), self.options(**changed))
            return [event.migration.version for event in events if isinstance(event, Ran)]
        finally:
            session.close()

    def back(self, verb: str = "down", version: int = 0, *, dsn: str = "", **changed: Any) -> list[int]:
        """``greylag down`` and its relatives: the versions whose files ran, in order."""
        session = self.session(dsn)
        try:
            options = self.options(**changed)
            events = careful.back(session, str(self.folder), options, verb=verb, version=version)
            return [event.migration.version for event in events if isinstance(event, Ran)]
        finally:
            session.close()

    def goose(self) -> None:
        """What the goose face does with the folder: no lock, no journal."""
        from greylag.operations.up import up

        session = self.session()
        try:
            for _ in up(session, str(self.folder), RunOptions()):
                pass
        finally:
            session.close()

    def custody(self, dsn: str = "", table: str = "", **changed: Any) -> Custody:
        made = self.session(dsn, table).careful(manners(**changed), self.told.append)
        assert made is not None
        return made  # type: ignore[return-value]

    @contextmanager
    def opened(self, dsn: str = "", table: str = "", **changed: Any) -> Iterator[tuple[Custody, Opening]]:
        custody = self.custody(dsn, table, **changed)
        try:
            yield custody, custody.open()
        finally:
            custody.close()

    def scripts(self, direction: Direction = "up") -> list[CarefulScript]:
        """The folder's files, as an operation hands them to the engine."""
        made = []
        for migration in collect(str(self.folder)):
            script = parse(migration, direction, ParseOptions(line_limit=None))
            made.append(
                CarefulScript(script, read_record(migration), examine, statement_hashes(script.statements))
            )
        return made

    def close(self) -> None:
        for session in self._sessions:
            session.close()

    # -- what is there ------------------------------------------------------------------------------------

    def ask(self, query: str, *values: Any, dsn: str = "") -> list[tuple[Any, ...]]:
        with psycopg.connect(dsn or self.dsn, autocommit=True) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description is not None else []

    def value(self, query: str) -> Any:
        ((found,),) = self.ask(query)
        return found

    def versions(self) -> list[int]:
        rows = self.ask("SELECT version_id FROM goose_db_version WHERE version_id > 0 ORDER BY id")
        return [version for (version,) in rows]

    def journal(
        self, columns: str = "version, direction, statement, state", rest: str = ""
    ) -> list[tuple[Any, ...]]:
        return self.ask(f"SELECT {columns} FROM greylag.journal {rest or 'ORDER BY id'}")

    def entries(self) -> list[Entry]:
        """Oldest first."""
        journal = self.session().journal()
        assert journal is not None
        return journal.entries()[::-1]

    def known(self) -> dict[int, Known]:
        journal = self.session().journal()
        assert journal is not None
        return dict(journal.opening().known)

    def everything(self) -> str:
        """All the journal holds as text, file texts unpacked."""
        import zlib

        rows = self.ask("SELECT to_jsonb(j)::text, content FROM greylag.journal j")
        texts = [row for row, _ in rows]
        texts += [zlib.decompress(content).decode() for _, content in rows if content]
        return "\n".join(texts)

    def is_there(self, name: str) -> bool:
        return bool(self.ask("SELECT to_regclass(%s) IS NOT NULL", name)[0][0])

    def notices(self, kind: str) -> list[str]:
        return [each.text for each in self.told if isinstance(each, Notice) and each.kind == kind]

    @contextmanager
    def held(self, statement: str) -> Iterator[int]:
        """Another session inside a transaction with ``statement`` done; its server process."""
        with psycopg.connect(self.dsn, application_name="holder") as connection:
            connection.execute(statement)
            yield connection.info.backend_pid
            connection.rollback()

    def until(self, query: str, seconds: float = 20) -> None:
        """Wait for a row that is bound to come."""
        end = time.monotonic() + seconds
        while not self.ask(query):
            assert time.monotonic() < end, query
            time.sleep(0.02)


WAITS = (
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
    "AND application_name LIKE 'greylag %'"
)
"""A run that waits for a lock."""


def read(text: str, *, direction: Direction = "up", version: int = 1) -> Script:
    """A script from the text of a file that is nowhere."""
    migration = Migration(version, f"{version:05d}_x.sql")
    return parse_content(migration, direction, text.encode(), ParseOptions(line_limit=None))


def record(version: int = 1, content: bytes = b"-- +goose Up\nSELECT 1;\n") -> Record:
    return record_of(version, f"{version:05d}_x.sql", content)


class Meanwhile:
    """Runs something in a thread; what it raised or gave is there when it has ended."""

    def __init__(self, what: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: Exception | None = None
        self._what = what
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.result = self._what()
        except Exception as error:
            self.error = error

    def end(self) -> Any:
        self._thread.join(60)
        assert not self._thread.is_alive()
        if self.error is not None:
            raise self.error
        return self.result


@pytest.fixture(scope="module")
def yard(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a database for the tests of one module: emptying one is much faster than making one."""
    name = f"bench_{os.getpid()}_{next(_names)}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgres.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


_EMPTY = """
DO $$ DECLARE space text; BEGIN
  FOR space IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', space);
  END LOOP;
  CREATE SCHEMA public;
  GRANT USAGE ON SCHEMA public TO public;
END $$"""


@pytest.fixture
def bench(yard: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """An empty database, whatever the test before left in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = Bench(yard, tmp_path)
    with psycopg.connect(yard, autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")
        connection.execute(_EMPTY)
    yield made
    made.close()


@pytest.fixture
def role(bench: Bench) -> Iterator[str]:
    """A role that may use this database's schema public, and make nothing else in it."""
    name = f"bench_role_{os.getpid()}_{next(_names)}"
    bench.ask(f"CREATE ROLE {name} LOGIN")
    bench.ask(f"GRANT USAGE, CREATE ON SCHEMA public TO {name}")
    yield name
    bench.close()
    bench.ask(f"DROP OWNED BY {name} CASCADE")
    bench.ask(f"DROP ROLE {name}")
