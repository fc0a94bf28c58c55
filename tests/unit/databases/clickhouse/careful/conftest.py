"""Careful runs in one process, on a real engine behind its HTTP interface; a kill is an exception nobody catches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.clickhouse.careful import lock
from greylag.databases.clickhouse.careful.custody import Custody
from greylag.databases.clickhouse.careful.ground import read_ground
from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.migrations.fingerprint import record_of, statement_hashes
from greylag.migrations.resume import find_resume
from greylag.model.care import CarefulScript, Manners, Runner
from greylag.model.migration import Migration, Script, Statement
from greylag.sql.clickhouse.facts import examine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from greylag.databases.clickhouse.careful.ground import Ground
    from greylag.databases.clickhouse.link import Link
    from greylag.model.care import Opening
    from greylag.model.event import Notice, Progress, Ran
    from tests.plugins.clickhouse import ClickhouseServer

RUNS = iter(range(1, 1_000_000))


class Killed(BaseException):
    """What stands for SIGKILL: no handler of the program runs on it."""


class Dying:
    """A link whose process is killed at one call, before it arrives or before its answer does.

    ``at`` is the call's number, or how its text begins.
    """

    def __init__(self, link: Any, at: int | str, *, arrives: bool) -> None:
        self.link, self.at, self.arrives = link, at, arrives
        self.calls: list[str] = []
        self.dead = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.link, name)

    def _call(self, name: str, text: str, **more: Any) -> Any:
        if self.dead:
            raise Killed
        self.calls.append(text)
        self.dead = text.startswith(self.at) if isinstance(self.at, str) else len(self.calls) == self.at
        if self.dead and not self.arrives:
            raise Killed
        answer = getattr(self.link, name)(text, **more)
        if self.dead:
            raise Killed
        return answer

    def execute(self, text: str, **more: Any) -> None:
        self._call("execute", text, **more)

    def query(self, text: str, **more: Any) -> Any:
        return self._call("query", text, **more)


class Yard:
    """A database, and runs on it."""

    def __init__(self, server: ClickhouseServer, name: str) -> None:
        self.server, self.name = server, name
        self.sessions: list[ClickhouseSession] = []
        self.told: list[Notice | Progress] = []

    def ask(self, text: str) -> list[list[Any]]:
        return self.server.ask(text, self.name)

    def session(self) -> ClickhouseSession:
        session = ClickhouseSession(self.server.url(self.name), "goose_db_version")
        self.sessions.append(session)
        return session

    def link(self) -> Link:
        return self.session().link()

    def ground(self) -> Ground:
        return read_ground(self.link(), "goose_db_version")

    def runner(self, run: str = "") -> Runner:
        run = run or f"{next(RUNS):08d}-0000-4000-8000-000000000000"
        return Runner(run, "alice", "laptop", "greylag test", "up")

    def custody(self, session: ClickhouseSession | None = None, **manners: Any) -> Custody:
        manners = {"lock_wait_seconds": 20.0, **manners}
        return Custody(session or self.session(), Manners(self.runner(), **manners), self.told.append)

    def texts(self, kind: str = "") -> list[str]:
        """Texts of the notices so far."""
        found = [each for each in self.told if hasattr(each, "kind")]
        return [each.text for each in found if kind in ("", each.kind)]

    def script(
        self, version: int, statements: Sequence[str], direction: str = "up", opening: Opening | None = None
    ) -> CarefulScript:
        """A file as operations hands it over: with hashes, and where it goes on."""
        parts = [Statement(text, line) for line, text in enumerate(statements, 2)]
        migration = Migration(version, f"m/{version:05d}_x.sql")
        content = ("-- +goose Up\n" + "\n".join(statements)).encode()
        script = Script(
            migration,
            "up" if direction == "up" else "down",
            parts,
            len(parts),
            transactional=False,
            plain=False,
        )
        hashes = statement_hashes(parts, "clickhouse")
        record = record_of(version, migration.name, content, form="clickhouse")
        resume = None
        for each in opening.unfinished if opening else ():
            if (each.version, each.direction) == (version, direction):
                resume = find_resume(each, migration, hashes)
        return CarefulScript(script, record, examine, hashes, resume)

    def run(self, version: int, *statements: str, direction: str = "up", **manners: Any) -> list[Ran]:
        """One run from open to close; nothing of a version that is there already, as a plan has it."""
        custody = self.custody(**manners)
        opening = custody.open()
        try:
            if direction == "up" and version in [row.version for row in opening.rows]:
                return []
            return list(custody.apply([self.script(version, statements, direction, opening)]))
        finally:
            custody.close()

    def killed(
        self, version: int, *statements: str, at: str | int, arrives: bool, direction: str = "up"
    ) -> int:
        """A run that is killed at the statement that begins with ``at``, or at a call by its number.

        The calls it made; 0 when it came to its end before.
        """
        custody = self.custody()
        opening = custody.open()
        session = custody.session
        dying = Dying(session.link(), at, arrives=arrives)
        session._link = custody.lines._link = dying  # type: ignore[assignment]
        try:
            list(custody.apply([self.script(version, statements, direction, opening)]))
        except Killed:
            custody.close_aside()
            return len(dying.calls)
        custody.close()
        return 0

    def applied(self) -> list[int]:
        rows = self.ask("SELECT version_id, is_applied FROM goose_db_version ORDER BY version_id")
        assert all(on for _, on in rows), rows
        return [int(version) for version, _ in rows]

    def tables(self) -> list[str]:
        rows = self.ask(
            "SELECT name FROM system.tables WHERE database = currentDatabase() AND name NOT LIKE 'greylag%' "
            "AND name != 'goose_db_version' ORDER BY name"
        )
        return [name for (name,) in rows]


@pytest.fixture
def yard(
    clickhouse: ClickhouseServer, clickhouse_database: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Yard]:
    # a run that was killed left the mark of a process that is gone; ours goes on
    monkeypatch.setattr(lock, "is_gone", lambda mark: True)
    made = Yard(clickhouse, clickhouse_database)
    yield made
    for session in made.sessions:
        link = session._link
        session._link = getattr(link, "link", link)
        session.close()


@pytest.fixture
def living(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let locks of this process count as in use, as they are."""
    from greylag.databases.clickhouse.careful.process import is_gone

    return lambda: monkeypatch.setattr(lock, "is_gone", is_gone)
