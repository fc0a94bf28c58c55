"""kill -9 of ``greylag down-to`` before every command it sends: the next down goes on where it ended."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.faults.conftest import wait_for_silence
from tests.faults.story import journal, renew, state, untrue, versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.story import Teller
    from tests.plugins.wire import When, Wire

DOWN = ("down-to 2",)


def test_killed_at_every_command(database: str, swift: Teller, wire: Callable[[str], Wire]) -> None:
    assert swift.run(database, "up", "--yes").code == 0
    between = wire(database)
    assert swift.run(between.url(database), *DOWN).code == 0
    assert versions(database) == [1, 2]
    assert untrue(database) == []
    wanted, last = state(database), len(between.done)
    assert wanted["rows", "b"] == "(7) (8)"
    assert last > 15
    points: list[tuple[When, int]] = [("before", number) for number in between.boundaries()]
    troubles = {}
    for when, number in [*points, ("after", last)]:
        renew(database)
        assert swift.run(database, "up", "--yes").code == 0
        found = _killed(database, swift, wire(database), when, number)
        if state(database) != wanted:
            found.append("the end is not that of an undisturbed run")
        if found:
            troubles[when, number, between.done[number - 1]] = found
    assert troubles == {}


def _killed(database: str, swift: Teller, between: Wire, when: When, number: int) -> list[str]:
    between.kill(when, number)
    run = swift.start(between.url(database), *DOWN)
    between.aim(run.pid)
    found = []
    if run.end().code != -signal.SIGKILL:
        return [f"it was not killed: {run.said}"]
    wait_for_silence(database)
    found += untrue(database)
    again = swift.run(database, *DOWN)
    if again.code or versions(database) != [1, 2]:
        found.append(f"the next run: {again}, {versions(database)}")
    found += untrue(database)
    if number % 3 == 0:  # often enough, at half the price
        noted = journal(database)
        third = swift.run(database, *DOWN)
        if third.code or journal(database) != noted:
            found.append(f"there was something left to do: {third}")
    return found
