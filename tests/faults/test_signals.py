"""Ctrl-C and SIGTERM: the file in flight is undone, what was finished is told and stays."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.faults.conftest import history, tables, wait_for_silence, wait_for_sleep

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_second_file(
    database: str, goose: Callable[..., subprocess.Popen[bytes]], number: int
) -> None:
    process = goose(database, "up")
    wait_for_sleep(database, 2)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    wait_for_silence(database)
    assert b"OK   00001_t1.sql" in said
    assert b"OK   00002_t2.sql" not in said
    assert history(database) == [0, 1]
    assert tables(database) == {"t1"}
