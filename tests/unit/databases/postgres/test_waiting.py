"""Waiting ends with the descriptor, the clock or a signal."""

from __future__ import annotations

import os
import select
import threading
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from greylag.databases.base import Deadline
from greylag.databases.postgres.waiting import StopError, end_of, jittered, pause, wait_for
from greylag.errors import DeadlineError, InterruptedRunError

if TYPE_CHECKING:
    from collections.abc import Iterator

Pipe = tuple[int, int]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


class Heeding:
    """What a pause asks of a connection."""

    def __init__(self, deadline: Deadline | None = None, interrupt: Flag | None = None) -> None:
        self.deadline = deadline
        self.interrupt = interrupt


class Flag:
    signal = 0

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor


def test_a_ready_descriptor(pipe: Pipe) -> None:
    assert wait_for(pipe[1], select.POLLOUT, None, None)
    os.write(pipe[1], b"x")
    assert wait_for(pipe[0], select.POLLIN, None, None)


def test_a_ready_descriptor_counts_even_when_the_time_is_up(pipe: Pipe) -> None:
    assert wait_for(pipe[1], select.POLLOUT, monotonic() - 1, None)


def test_the_time_passes(pipe: Pipe) -> None:
    started = monotonic()
    assert not wait_for(pipe[0], select.POLLIN, started + 0.05, None)
    assert monotonic() >= started + 0.05


@pytest.mark.parametrize("descriptor", ["own", "none"])
def test_a_signal_stops_the_wait(pipe: Pipe, descriptor: str) -> None:
    flag = Flag(pipe[0] if descriptor == "own" else -1)
    flag.signal = 15
    with pytest.raises(StopError) as caught:
        wait_for(pipe[1], select.POLLOUT, None, flag)
    assert caught.value.signal == 15


def test_a_byte_without_a_signal_does_not_end_the_wait(pipe: Pipe) -> None:
    os.write(pipe[1], b"x")
    reader, writer = os.pipe()
    try:
        assert not wait_for(reader, select.POLLIN, monotonic() + 0.3, Flag(pipe[0]))
    finally:
        os.close(reader)
        os.close(writer)


def test_what_a_caller_sees() -> None:
    stopped = StopError(2).as_error()
    assert isinstance(stopped, InterruptedRunError)
    assert stopped.signal == 2
    assert isinstance(StopError(0).as_error(), DeadlineError)


def test_the_end_of_a_deadline() -> None:
    assert end_of(None) is None
    end = end_of(Deadline(100))
    assert end is not None
    assert 99 < end - monotonic() <= 100


def test_a_pause_lasts_its_time() -> None:
    started = monotonic()
    pause(0.05, Heeding())
    assert monotonic() >= started + 0.05


def test_a_pause_ends_with_the_deadline() -> None:
    with pytest.raises(StopError) as caught:
        pause(60, Heeding(Deadline(0.05)))
    assert caught.value.signal == 0
    pause(0.01, Heeding(Deadline(60)))


def test_a_pause_ends_with_a_signal(pipe: Pipe) -> None:
    flag = Flag(pipe[0])
    timer = threading.Timer(0.05, lambda: (setattr(flag, "signal", 2), os.write(pipe[1], b"x")))
    timer.start()
    with pytest.raises(StopError) as caught:
        pause(60, Heeding(None, flag))
    timer.join()
    assert caught.value.signal == 2


def test_a_pause_leaves_no_descriptor_open(pipe: Pipe) -> None:
    before = len(os.listdir("/proc/self/fd"))
    flag = Flag(pipe[0])
    flag.signal = 2
    for _ in range(3):
        pause(0, Heeding())
        with pytest.raises(StopError):
            pause(1, Heeding(None, flag))
    assert len(os.listdir("/proc/self/fd")) == before


def test_jitter_stays_in_its_bounds() -> None:
    found = [jittered(8.0) for _ in range(200)]
    assert 4.0 <= min(found) < max(found) <= 8.0
    assert jittered(0.0) == 0.0
