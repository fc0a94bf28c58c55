"""A second connection that sees what the run's own one waits for, and how far an index build is."""

from __future__ import annotations

from time import monotonic

from greylag.databases.base import Deadline
from greylag.databases.postgres import connection
from greylag.databases.postgres.careful.wait_text import describe, wait_facts
from greylag.databases.postgres.careful.waits import look_at
from greylag.databases.postgres.waiting import StopError
from greylag.model.event import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.careful.waits import Look, Wait
    from greylag.databases.postgres.channel import Channel
    from greylag.databases.postgres.settings import Settings
    from greylag.model.care import Tell

_LOOK_SECONDS = 2.0
"""The most a look may take from the run, connecting included."""
_AGAIN_SECONDS = 10.0
"""How soon the same blockers are told again."""
_BACK_OFF_SECONDS = (10.0, 30.0, 60.0)
"""How long nothing is tried after the first, second and every further failure in a row."""

_TIMEOUT = b"SET statement_timeout = 2000"
# Not a startup parameter: poolers refuse those they do not know.


class Watcher:
    """Looks at the server process ``pid`` and tells of what blocks it. It never raises and never hurries."""

    def __init__(self, settings: Settings, pid: int, tell: Tell) -> None:
        self._settings = settings._replace(
            runtime={**settings.runtime, "application_name": "greylag watcher"}
        )
        self._pid = pid
        self._tell = tell
        self._channel: Channel | None = None
        self._look: Look | None = None
        self._not_before = 0.0
        self._failures = 0
        self._told: tuple[object, float] | None = None
        self._said: set[str] = set()

    def look(self, waited_seconds: float, label: str) -> None:
        """See what the process waits for, and tell it when it is news or ten seconds old.

        ``label`` names the statement that has had no answer for ``waited_seconds``. Takes two seconds at
        most; after a failure it does nothing for a while.
        """
        if monotonic() < self._not_before:
            return
        before, self._look = self._look, None
        try:
            self._look = self._ask()
        except Exception as error:  # whatever goes wrong with looking on must not end the run
            self._fail(error, label)
            return
        self._failures = 0
        if self._look.wait is not None:
            self._tell_of(self._look.wait, self._look.role, waited_seconds, label)
        elif not self._look.there and before is not None and not before.there:
            # Once may be a statement that has just ended; twice is another server behind the same name.
            self._say_unseen("the second connection came to a server that does not know the run's", label)

    def progress(self) -> tuple[str, int, int] | None:
        """Phase, done and total of an index build or CLUSTER at the last look; total 0 where unknown."""
        return self._look.progress if self._look is not None else None

    def close(self) -> None:
        """Close the second connection; calling it twice is fine."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _ask(self) -> Look:
        deadline = Deadline(_LOOK_SECONDS)
        if self._channel is None:
            self._channel = connection.connect(self._settings, deadline, None)
            self._channel.execute(_TIMEOUT)
        self._channel.deadline = deadline
        return look_at(self._pid, self._channel)

    def _fail(self, error: Exception, label: str) -> None:
        from greylag.model.masking import masked

        self.close()
        pause = _BACK_OFF_SECONDS[min(self._failures, len(_BACK_OFF_SECONDS) - 1)]
        self._failures += 1
        self._not_before = monotonic() + pause
        slow = f"it had no answer within {_LOOK_SECONDS:g} s"
        self._say_unseen(slow if isinstance(error, StopError) else masked(str(error)), label)

    def _say_unseen(self, why: str, label: str) -> None:
        if "unseen" in self._said:
            return
        self._said.add("unseen")
        query = f"SELECT * FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids({self._pid}));"
        subject = label or "a statement"
        text = f"what {subject} waits for cannot be seen, for want of a second connection: {why}"
        text += f"\nto see it from elsewhere: {query}"
        self._tell(Notice("unwatched", text, {"label": label, "reason": why, "remedy": query}))

    def _tell_of(self, wait: Wait, role: str, waited_seconds: float, label: str) -> None:
        news = (wait.relation, wait.nearest, tuple(each.gid for each in wait.prepared))
        now = monotonic()
        if self._told is not None and self._told[0] == news and now - self._told[1] < _AGAIN_SECONDS:
            return
        self._told = (news, now)
        text = describe(wait, waited_seconds, label)
        if any(each.hidden for each in wait.blockers) and "hidden" not in self._said:
            self._said.add("hidden")
            text += f"\nwhat {role} may not see of them, it would with: GRANT pg_read_all_stats TO {role};"
        self._tell(Notice("blocked", text, wait_facts(wait, waited_seconds, label)))
