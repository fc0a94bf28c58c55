"""What every part of a careful run holds on to: the locked connection, the rows to write, whom to tell."""

from __future__ import annotations

from functools import cached_property
from time import monotonic

from greylag.databases.postgres.careful.opening import utc
from greylag.databases.postgres.careful.place import literal
from greylag.databases.postgres.careful.secrecy import Secrecy
from greylag.databases.postgres.careful.watcher import Watcher
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.waiting import StopError, pause
from greylag.errors import DatabaseError, LockedError
from greylag.model.event import Notice, Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.databases.postgres.careful.opening import Ground
    from greylag.databases.postgres.careful.rows import CarefulRows
    from greylag.databases.postgres.channel import Channel
    from greylag.databases.postgres.session import PostgresSession
    from greylag.model.care import CarefulScript, Manners, Resume, Tell
    from greylag.model.migration import Script

_ORPHAN_PAUSE = 0.3


class Tries:
    """How often a file was given up for a lock, and what that cost."""

    __slots__ = ("began", "count", "waited")

    def __init__(self) -> None:
        self.began = monotonic()
        self.count = 0
        self.waited = 0.0


class Hold:
    """``channel``, ``rows`` and ``ground`` are there once the run is open.

    ``flying`` tells, while files fly through the pipeline, the one under way and its statement's number.
    """

    channel: Channel
    rows: CarefulRows
    ground: Ground

    def __init__(self, session: PostgresSession, manners: Manners, tell: Tell) -> None:
        self.manners = manners
        self.flying: Callable[[], tuple[Script | None, int]] | None = None
        self.timeouts: dict[str, str | None] = {
            "short": f"{max(1, round(manners.lock_timeout_seconds * 1000))}ms",
            "long": "0",
            "": None,
        }
        self._session = session
        self._tell = tell
        self._blockers = ""
        self._watcher: Watcher | None = None
        self._script: Script | None = None
        self._number, self._began = 0, 0.0

    def tell(self, news: Notice | Progress) -> None:
        """Pass news on; who blocks is remembered for the error that may follow."""
        if isinstance(news, Notice) and news.kind == "blocked":
            self._blockers = news.text.partition("\n")[0].partition(" behind ")[2]
        self._tell(news)

    @property
    def since(self) -> str:
        """When the server process of this run began, as the server writes it."""
        return self.ground.since

    def held(self) -> Channel:
        """The connection that holds the lock. Raises LostError when it is gone: the lock went with it."""
        if not self.channel.usable:
            raise self.channel.lost()
        return self.channel

    def abandon(self) -> None:
        """After StopError: cancel what runs and undo an open transaction."""
        self._session.abandon()

    # -- watching -----------------------------------------------------------------------------------------

    def watched(self, script: Script | None, number: int = 0) -> None:
        """Say which statement is under way, for progress."""
        self._script, self._number, self._began = script, number, monotonic()

    def look(self, waited: float) -> None:
        """See what the run waits for, and tell how far it is."""
        if self._watcher is None:
            self._watcher = Watcher(self._session.settings, self.ground.pid, self.tell)
        script, number, elapsed = self._script, self._number, monotonic() - self._began
        if script is None and self.flying is not None:
            script, number, elapsed = *self.flying(), waited
        label = f"{script.migration.name}, statement {number}" if script else ""
        self._watcher.look(waited, label)
        if script is not None:
            phase, done, total = self._watcher.progress() or ("", 0, 0)
            self.tell(
                Progress(
                    script.migration, script.direction, number, script.count, elapsed, phase, done, total
                )
            )

    def blockers(self) -> str:
        """Who stood in the way when that was last told, in words; empty when nobody was seen."""
        return self._blockers

    # -- failures -----------------------------------------------------------------------------------------

    @cached_property
    def secrecy(self) -> Secrecy:
        """What keeps the password of this connection to itself."""
        return Secrecy(self._session.settings.password)

    def told(self, message: str) -> str:
        """An error's text as the journal may keep it: without the password of this connection."""
        return self.secrecy.message(message)

    def note_failure(
        self, careful: CarefulScript, sqlstate: str, message: str, tries: Tries, took_seconds: float = 0.0
    ) -> None:
        """Write down that a file failed, where that can be done. Never raises.

        ``took_seconds`` is this side's measure: the server's went with the transaction.
        """
        script, record = careful.script, careful.record
        count, waited = tries.count, tries.waited
        error = self.told(message)
        if script.transactional:
            sql = self.rows.note(
                record,
                script.direction,
                "failed",
                started=f"pg_catalog.clock_timestamp() - interval '{took_seconds:.6f} s'",
                sqlstate=sqlstate,
                error=error,
                retries=count,
                waited=waited,
            )
        else:
            sql = self.rows.fail_file(
                record.version, script.direction, sqlstate=sqlstate, error=error, retries=count, waited=waited
            )
        channel = self.channel
        if not channel.usable or channel.in_transaction:
            return
        channel.calm()
        try:
            channel.execute(sql_bytes(self.rows.as_self(sql)))
        except (DatabaseError, StopError):
            return
        finally:
            channel.listen()

    def wait_for_orphan(self, resume: Resume) -> None:
        """Wait until the server process of the run that was broken off is gone. Raises LockedError."""
        if not resume.pid or resume.pid == self.ground.pid:
            return
        began, told = monotonic(), False
        while self._is_alive(resume):
            waited = monotonic() - began
            if waited > self.manners.lock_wait_seconds:
                raise LockedError(
                    f"the server still carries out what a broken run began, in process {resume.pid}",
                    holder=f"pid {resume.pid}",
                    hint=f"wait for it, or end it: SELECT pg_terminate_backend({resume.pid})",
                )
            if not told and waited > 1:
                told = True
                self.tell(
                    Notice(
                        "orphan",
                        f"the server still carries out what a broken run began (pid {resume.pid}); waiting "
                        "for it",
                        {"pid": resume.pid},
                    )
                )
            pause(_ORPHAN_PAUSE, self.channel)

    def _is_alive(self, resume: Resume) -> bool:
        query = (
            f"SELECT FROM pg_catalog.pg_stat_activity WHERE pid = {resume.pid} "
            f"AND {utc('backend_start')} = {literal(resume.backend_since)}"
        )
        return bool(self.held().fetch(sql_bytes(query), binary=False).rows)
