"""kill -9 in file 2 of 6: the server was sent all six, and may finish no more than the one in flight."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.faults.conftest import history, tables, wait_for_silence, wait_for_sleep

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable


def test_a_killed_run_leaves_a_true_history(
    database: str, goose: Callable[..., subprocess.Popen[bytes]]
) -> None:
    process = goose(database, "up")
    wait_for_sleep(database, 2)
    process.kill()
    assert process.wait(30) == -signal.SIGKILL
    wait_for_silence(database)
    rows = history(database)
    assert rows in ([0, 1], [0, 1, 2])
    assert tables(database) == {f"t{version}" for version in rows if version}


def test_the_next_run_goes_on_where_it_ended(
    database: str, goose: Callable[..., subprocess.Popen[bytes]]
) -> None:
    process = goose(database, "up-to", "2")
    wait_for_sleep(database, 1)
    process.kill()
    process.wait(30)
    wait_for_silence(database)
    again = goose(database, "up-to", "2")
    assert again.wait(60) in (0, 1)
    wait_for_silence(database)
    assert history(database) == [0, 1, 2]
    assert tables(database) == {"t1", "t2"}
