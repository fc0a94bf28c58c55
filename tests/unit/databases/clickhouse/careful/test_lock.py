"""One runner at a time: taken, waited for, taken over by one alone, never removed from under the living."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.clickhouse.careful import lock as module
from greylag.databases.clickhouse.careful.lock import RunnerLock
from greylag.errors import DatabaseError, LockedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.databases.clickhouse.careful.conftest import Yard


def made(yard: Yard, **more: Any) -> RunnerLock:
    return RunnerLock(yard.link(), yard.ground(), yard.runner(), **more)


def no_pause(seconds: float) -> None:
    assert seconds > 0


def locks(yard: Yard) -> list[str]:
    rows = yard.ask(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'greylag_lock%'"
    )
    return [name for (name,) in rows]


def test_taken_told_and_given_back(yard: Yard, living: Callable[[], None]) -> None:
    living()
    first, second = made(yard), made(yard)
    first.take(0, yard.told.append, no_pause)
    with pytest.raises(
        LockedError, match=r"alice@laptop \(greylag test up\), pid \d+, since 2\d{3}-[-\d]+ [:\d]+ UTC"
    ) as caught:
        second.take(0, yard.told.append, no_pause)
    assert "--lock-wait" in str(caught.value.hint)
    second.release()
    assert locks(yard) == ["greylag_lock"]  # not its own
    first.release()
    assert locks(yard) == []
    second.take(0, yard.told.append, no_pause)
    second.release()


def test_who_holds_it_is_told_to_who_waits(
    yard: Yard, living: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    living()
    monkeypatch.setattr(module, "_TELL_AFTER", 0.0)
    first, second = made(yard), made(yard)
    first.take(0, yard.told.append, no_pause)
    waits = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            first.release()

    assert second.take(20, yard.told.append, pause) > 0
    assert len(waits) == 3
    assert len(yard.texts("waiting")) == 1
    assert "alice@laptop" in yard.texts("waiting")[0]


def test_a_lock_of_a_dead_process_is_taken_over_at_once(yard: Yard) -> None:
    made(yard).take(0, yard.told.append, no_pause)
    made(yard).take(0, yard.told.append, no_pause)
    assert locks(yard) == ["greylag_lock"]
    assert "taken over" in yard.texts("healed")[0]


def test_one_of_another_machine_only_when_it_expired(
    yard: Yard, living: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    living()
    monkeypatch.setattr(module, "mark", lambda: "elsewhere/1/2")
    made(yard).take(0, yard.told.append, no_pause)
    late = made(yard)
    with pytest.raises(LockedError):
        late.take(0, yard.told.append, no_pause)
    monkeypatch.setattr(late._ground.clock, "now", lambda: yard.ground().clock.now() + 61_000_000)
    late.take(0, yard.told.append, no_pause)


def test_in_a_folder_of_one_process_every_lock_is_left_over(yard: Yard, living: Callable[[], None]) -> None:
    living()
    made(yard).take(0, yard.told.append, no_pause)
    made(yard, alone=True).take(0, yard.told.append, no_pause)


def test_a_table_that_is_not_ours_is_left_alone(yard: Yard) -> None:
    yard.ask("CREATE TABLE greylag_lock (x Int8) ENGINE = Memory COMMENT 'mine'")
    with pytest.raises(LockedError, match="mine"):
        made(yard).take(0, yard.told.append, no_pause)
    assert locks(yard) == ["greylag_lock"]


class Race:
    """Several go for a lock that is left behind, all at once; it alone counts as dead."""

    def __init__(self, yard: Yard, racers: int) -> None:
        dead = made(yard)
        dead.take(0, yard.told.append, no_pause)
        self.dead = dead._runner.run
        self.contenders = [made(yard) for _ in range(racers)]
        self.got: list[RunnerLock] = []
        self.start = threading.Barrier(racers)

    def run(self, racer: RunnerLock) -> None:
        racer._is_over = lambda holder: holder.run == self.dead  # type: ignore[method-assign]
        self.start.wait(20)
        if any(racer.take_now(lambda _: None) for _ in range(6)):
            self.got.append(racer)

    def winners(self) -> list[RunnerLock]:
        threads = [threading.Thread(target=self.run, args=(each,)) for each in self.contenders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return self.got


@pytest.mark.parametrize("racers", [2, 2, 4])
def test_of_several_that_find_a_dead_lock_one_gets_it(yard: Yard, racers: int) -> None:
    (winner,) = Race(yard, racers).winners()
    holder = winner._read()
    assert holder is not None
    assert holder.run == winner._runner.run
    assert locks(yard) == ["greylag_lock"]


def test_who_was_slow_does_not_remove_the_lock_of_who_was_faster(yard: Yard) -> None:
    dead, fast, slow = made(yard), made(yard), made(yard)
    dead.take(0, yard.told.append, no_pause)
    holder = slow._read()
    assert holder is not None
    slow._is_over = lambda found: found.run == holder.run  # type: ignore[method-assign]
    fast.take(0, yard.told.append, no_pause)
    assert not slow._take_over(holder, yard.told.append)
    now = slow._read()
    assert now is not None
    assert now.run == fast._runner.run


def test_one_that_died_while_it_took_over_is_no_dead_end(yard: Yard) -> None:
    dead = made(yard)
    dead.take(0, yard.told.append, no_pause)
    half = RunnerLock(yard.link(), yard.ground(), yard.runner(), name=f"greylag_lock_{dead._runner.run[:13]}")
    half.take(0, yard.told.append, no_pause)
    made(yard).take(0, yard.told.append, no_pause)
    assert locks(yard) == ["greylag_lock"]


def test_the_expiry_is_put_off_when_it_is_time(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    held = made(yard)
    held.take(0, yard.told.append, no_pause)

    def until() -> int:
        found = held._read()
        assert found is not None
        return found.until

    first, clock = until(), held._ground.clock
    held.keep()
    assert until() == first
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + 20_000_000)
    held.keep()
    assert until() >= first + 19_000_000
    monkeypatch.setattr(clock, "now", lambda: now + 200_000_000)  # it stood still, and nobody minded
    held.keep()
    assert until() >= first + 199_000_000


def test_a_run_that_stood_still_notices_that_another_took_over(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, other = made(yard), made(yard)
    held.take(0, yard.told.append, no_pause)
    other.take(0, yard.told.append, no_pause)
    now = held._ground.clock.now()
    monkeypatch.setattr(held._ground.clock, "now", lambda: now + 58_000_000)
    with pytest.raises(LockedError, match="held by alice@laptop"):
        held.keep()
    other.release()
    with pytest.raises(LockedError, match="nobody holds it"):
        held.keep()
    monkeypatch.setattr(held._ground.clock, "now", lambda: now + 20_000_000)
    with pytest.raises(LockedError, match="nobody holds it"):
        held.keep()  # the table to put the expiry into is gone


def test_an_expiry_that_could_not_be_put_off_is_not_believed(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = made(yard)
    held.take(0, yard.told.append, no_pause)
    until, link = held._until, held._slot._link

    class Broken:
        def execute(self, _text: str) -> None:
            raise DatabaseError("gone", driver_text="gone")

    now = held._ground.clock.now()
    monkeypatch.setattr(held._ground.clock, "now", lambda: now + 20_000_000)
    held._slot._link = Broken()  # type: ignore[assignment]
    with pytest.raises(DatabaseError):
        held.keep()
    assert held._until == until
    held._slot._link = link
    held.keep()
    assert held._until > until
