from __future__ import annotations

import os
import re
import time

import pytest

from greylag.cli.goose.log import forget_zone, log, result, say

STAMP = r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d "


def test_a_line_carries_a_stamp_and_one_break(capfd: pytest.CaptureFixture[str]) -> None:
    log("one")
    log("two\n")
    log("")
    log("three\nfour")
    say("bare")
    out, err = capfd.readouterr()
    assert out == ""
    assert re.fullmatch(rf"{STAMP}one\n{STAMP}two\n{STAMP}\n{STAMP}three\nfour\nbare", err)


def test_results_go_to_stdout_bytes_intact(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    result("é\udcff\n")
    out, err = capfdbinary.readouterr()
    assert (out, err) == (b"\xc3\xa9\xff\n", b"")


def test_stamps_are_local_time(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TZ", "Asia/Seoul")
    forget_zone()
    try:
        before = time.time() + 9 * 3600
        log("x")
        shown = time.strptime(capfd.readouterr().err[:19], "%Y/%m/%d %H:%M:%S")
        assert abs(before - time.mktime(shown) - 9 * 3600) < 5
        assert shown.tm_hour == time.gmtime(before).tm_hour or shown.tm_min == 0
    finally:
        monkeypatch.undo()
        forget_zone()


def test_a_broken_pipe_is_told_and_a_full_disk_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(descriptor: int, data: bytes) -> int:
        raise BrokenPipeError

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    log("x")
    monkeypatch.setattr(os, "write", broken)
    with pytest.raises(BrokenPipeError):
        log("x")


def test_short_writes_are_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    written = bytearray()

    def three(descriptor: int, data: bytes) -> int:
        written.extend(data[:3])
        return len(data[:3])

    monkeypatch.setattr(os, "write", three)
    result("0123456789")
    assert bytes(written) == b"0123456789"
