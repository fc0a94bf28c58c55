"""kill -9 of ``greylag up`` before every command it sends: history is the database, the next run ends the job."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.faults.conftest import ask, wait_for_silence
from tests.faults.story import journal, renew, state, untrue, versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.story import Teller
    from tests.plugins.wire import When, Wire


def test_killed_at_every_command(database: str, swift: Teller, wire: Callable[[str], Wire]) -> None:
    between = wire(database)
    assert swift.run(between.url(database), "up", "--yes").code == 0
    assert versions(database) == [1, 2, 3, 4]
    assert untrue(database) == []
    wanted, last = state(database), len(between.done)
    assert last > 20
    points: list[tuple[When, int]] = [("before", number) for number in between.boundaries()]
    troubles = {}
    for when, number in [*points, ("after", last)]:
        renew(database)
        found = _killed(database, swift, wire(database), when, number)
        if state(database) != wanted:
            found.append("the end is not that of an undisturbed run")
        if found:
            troubles[when, number, between.done[number - 1]] = found
    assert troubles == {}


def test_killed_at_the_first_contact_with_a_history_of_goose(
    database: str, swift: Teller, wire: Callable[[str], Wire]
) -> None:
    def prepare() -> None:
        renew(database)
        assert swift.run(database, "up-to 2", "--yes").code == 0
        ask(database, "DROP SCHEMA greylag CASCADE")

    prepare()
    between = wire(database)
    assert swift.run(between.url(database), "up", "--yes").code == 0
    assert untrue(database) == []
    wanted = state(database)
    adopted = next(number for number, (_, text, _) in enumerate(between.done, 1) if "'adopted'" in text)
    points = [number for number in between.boundaries() if number <= adopted + 1]
    assert len(points) > 5
    troubles = {}
    for number in points:
        prepare()
        found = _killed(database, swift, wire(database), "before", number, journaled=False)
        if found or state(database) != wanted:
            troubles[between.done[number - 1]] = found
    assert troubles == {}


def test_killed_at_every_command_of_all_files_in_one_transaction(
    database: str, swift: Teller, wire: Callable[[str], Wire]
) -> None:
    (swift.folder / "00003_apart.sql").unlink()
    together = ("up", "--atomic", "--yes")
    between = wire(database)
    assert swift.run(between.url(database), *together).code == 0
    wanted = state(database)
    begin = next(number for number, (_, text, _) in enumerate(between.done, 1) if "CREATE TABLE a" in text)
    points: list[tuple[When, int]] = [
        ("before", number) for number in between.boundaries() if number >= begin
    ]
    assert len(points) > 6
    for when, number in [*points, ("after", points[-1][1])]:
        renew(database)
        stretched = wire(database)
        stretched.kill(when, number)
        run = swift.start(stretched.url(database), *together)
        stretched.aim(run.pid)
        assert run.end().code == -signal.SIGKILL, run.said
        wait_for_silence(database)
        assert versions(database) in ([], [1, 2, 4])
        assert untrue(database) == []
        again = swift.run(database, *together)
        assert again.code == 0, again.said
        assert versions(database) == [1, 2, 4]
        assert untrue(database) == []
        assert state(database) == wanted


def _killed(
    database: str, swift: Teller, between: Wire, when: When, number: int, *, journaled: bool = True
) -> list[str]:
    between.kill(when, number)
    run = swift.start(between.url(database), "up", "--yes")
    between.aim(run.pid)
    found = []
    if run.end().code != -signal.SIGKILL:
        return [f"it was not killed: {run.said}"]
    wait_for_silence(database)
    found += untrue(database, journaled=journaled)
    again = swift.run(database, "up", "--yes")
    if again.code or versions(database) != [1, 2, 3, 4]:
        found.append(f"the next run: {again}, {versions(database)}")
    found += untrue(database)
    if number % 3 == 0:  # often enough, at half the price
        noted = journal(database)
        third = swift.run(database, "up", "--yes")
        if third.code or journal(database) != noted:
            found.append(f"there was something left to do: {third}")
    return found
