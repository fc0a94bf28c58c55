"""One runner at a time: a table that only one can make, and that tells its owner and its expiry.

CREATE TABLE without IF NOT EXISTS is done by one of any number of runners; the others get error 57. The
owner puts the expiry off while it works, so that a lock whose owner is gone can be told from one in use.
"""

from __future__ import annotations

from time import gmtime, monotonic, strftime

from greylag.databases.clickhouse.careful.place import LOCK
from greylag.databases.clickhouse.careful.process import is_gone, mark
from greylag.databases.clickhouse.careful.slots import TITLE, CommentSlot
from greylag.errors import DatabaseError, InterruptedRunError, LockedError
from greylag.model.event import Notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.databases.clickhouse.careful.ground import Ground
    from greylag.databases.clickhouse.careful.slots import Holder, Slot
    from greylag.databases.clickhouse.link import Link
    from greylag.model.care import Runner, Tell

_LIFE, _BEAT, _MARGIN = 60.0, 15.0, 5.0
"""Seconds a lock lasts, after which it is put off, and before its end at which it is not trusted any more."""
_TELL_AFTER, _TELL_EVERY = 1.0, 15.0
_LEAST_PAUSE, _MOST_PAUSE = 0.05, 1.0
_THERE, _GONE = 57, 60


class RunnerLock:
    """The lock of one run. ``alone``: nobody else can be connected, so that any lock found is left over.

    ``slots`` makes the place of a lock by its name, where that is not a table with a comment.
    """

    def __init__(
        self,
        link: Link,
        ground: Ground,
        runner: Runner,
        *,
        alone: bool = False,
        name: str = LOCK,
        slots: Callable[[str], Slot] | None = None,
    ) -> None:
        self._link = link
        self._slots = slots
        self._slot: Slot = slots(name) if slots else CommentSlot(link, ground.place, name)
        self._ground = ground
        self._runner = runner
        self._alone = alone
        self._name = name
        self._table = ground.place.of(name)
        self._until = self._beaten = 0
        self._since = ""
        self._holder: Holder | None = None

    def take(self, wait_seconds: float, tell: Tell, pause: Callable[[float], None]) -> float:
        """Take it; tells who holds it meanwhile. The seconds it took. Raises LockedError, DatabaseError."""
        began, told_at, said, break_ = monotonic(), 0.0, "", _LEAST_PAUSE
        while not self.take_now(tell):
            waited = monotonic() - began
            holder = self._holder.words if self._holder else ""
            if waited >= wait_seconds:
                raise self._locked(holder)
            if holder and waited >= _TELL_AFTER and (holder != said or waited - told_at >= _TELL_EVERY):
                said, told_at = holder, waited
                tell(
                    Notice(
                        "waiting",
                        f"waiting for another runner: {holder}",
                        {"holder": holder, "waited_seconds": round(waited, 1)},
                    )
                )
            pause(min(break_, max(0.01, wait_seconds - waited)))
            break_ = min(_MOST_PAUSE, break_ * 2)
        return monotonic() - began

    def take_now(self, tell: Tell) -> bool:
        """One try: it is free, or its owner is gone. Raises DatabaseError."""
        if self._make():
            return True
        self._holder = holder = self._read()
        if holder is not None and holder.run == self._runner.run:
            return True  # made on one host after the other, and one of them had it when it was tried again
        return holder is not None and self._is_over(holder) and self._take_over(holder, tell)

    def keep(self) -> None:
        """Put the expiry off where it is time; to be called at least once in a minute.

        Raises LockedError when the lock is not this run's any more.
        """
        now = self._ground.clock.now()
        if now >= self._until - _us(_MARGIN):  # this process stood still, and another may have taken over
            holder = self._read()
            if holder is None or holder.run != self._runner.run:
                raise self._lost(holder)
        elif now < self._beaten + _us(_BEAT):
            return
        try:
            self._write(self._slot.prolong)
        except DatabaseError as error:
            if error.number == _GONE:
                raise self._lost(None) from None
            raise

    def release(self) -> None:
        """Give it back, if it is still this run's. Never raises."""
        try:
            holder = self._read()
            if holder is not None and holder.run == self._runner.run:
                self._slot.remove()
        except (DatabaseError, InterruptedRunError):
            return  # it expires

    def _make(self) -> bool:
        try:
            self._write(lambda words, _: self._slot.make(words))
        except DatabaseError as error:
            if error.number != _THERE:
                raise
            return False
        return True

    def _take_over(self, holder: Holder, tell: Tell) -> bool:
        """Remove a lock that is left over, and take it.

        Of several that see it one may remove it: who makes the lock that bears the run's name. Under that it
        is looked at once more, so that nobody removes the lock of the one who was faster.
        """
        second = RunnerLock(
            self._link, self._ground, self._runner,
            alone=self._alone, name=f"{self._name}_{holder.run[:13]}", slots=self._slots,
        )  # fmt: skip
        if not second.take_now(tell):
            return False
        try:
            again = self._read()
            if again is not None and again.run == holder.run and self._is_over(again):
                self._slot.remove()
            if not self._make():
                return False
        finally:
            second.release()
        if self._name == LOCK:
            text = f"the lock of a run that is gone was taken over: {holder.words}"
            tell(Notice("healed", text, {"holder": holder.words}))
        return True

    def _is_over(self, holder: Holder) -> bool:
        if not holder.until:
            return False  # not words of ours: somebody else's table
        return self._alone or self._ground.clock.now() > holder.until or is_gone(holder.process)

    def _read(self) -> Holder | None:
        return self._slot.holder(self._runner.run)

    def _write(self, act: Callable[[str, int], None]) -> None:
        """``act`` with this run's words; the expiry counts from before that, and only if it worked."""
        now, runner = self._ground.clock.now(), self._runner
        until = now + _us(_LIFE)
        who = f"{runner.who}@{runner.host} ({runner.tool} {runner.verb})".replace(";", ",")
        self._since = self._since or strftime("%Y-%m-%d %H:%M:%S UTC", gmtime(now // 1_000_000))
        act(
            f"{TITLE}; by={who}; since={self._since}; process={mark()}; run={runner.run}; until={until}",
            until,
        )
        self._beaten, self._until = now, until

    def _locked(self, holder: str) -> LockedError:
        return LockedError(
            f"another runner holds the lock of this database: {holder or 'it is just ending'}",
            holder=holder,
            hint="run it again when that one is done, or wait longer with --lock-wait 30m; a lock whose "
            f"owner is gone expires after {_LIFE:.0f} s, and goes at once with DROP TABLE {self._table}",
        )

    def _lost(self, holder: Holder | None) -> LockedError:
        words = holder.words if holder else ""
        return LockedError(
            f"the lock of this run is gone, {f'and is held by {words}' if words else 'and nobody holds it'}: "
            "this run stood still for longer than the lock lasts, or somebody removed it",
            holder=words,
            hint="nothing more was sent; run the same command again, and it goes on where this one stopped",
        )


def _us(seconds: float) -> int:
    return int(seconds * 1_000_000)
