"""The bench itself: it says what is missing, its proxy keeps bytes and holds them back, and a case runs."""

from __future__ import annotations

import contextlib
import importlib
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.plugins import clickhouse

if TYPE_CHECKING:
    from collections.abc import Iterator

BENCH = Path(__file__).resolve().parents[2] / "bench"
MODULES = (
    "cases", "clickhouse_cases", "clickhouse_server", "inputs", "lines", "measure", "peers", "prisma_cases", "run",
    "servers",
)  # fmt: skip


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.syspath_prepend(str(BENCH))
    yield {name: importlib.import_module(name) for name in MODULES}
    for name in MODULES:
        del sys.modules[name]


def test_a_missing_peer_is_an_error(
    bench: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench["peers"], "find_goose", lambda: None)
    assert bench["run"].main(["version"]) == 1
    assert "make peers" in capsys.readouterr().err


def test_a_case_that_is_not_there(bench: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert bench["run"].main(["speed"]) == 2
    assert "latency" in capsys.readouterr().err


def test_our_own_script_is_no_peer(bench: dict[str, Any], tmp_path: Path) -> None:
    script = tmp_path / "goose"
    script.write_text("#!/bin/sh\necho goose version: v3.27.3\n")
    script.chmod(0o755)
    assert not bench["peers"].is_goose(script)
    assert not bench["peers"].is_goose(tmp_path / "nothing")


def test_inputs_are_of_the_size_asked_for(bench: dict[str, Any], tmp_path: Path) -> None:
    for kind in ("small_files", "clickhouse_files"):
        small = getattr(bench["inputs"], kind)(tmp_path / kind, 8)
        assert len(list(small.iterdir())) == 8
        texts = [path.read_text().partition("-- +goose Down")[0] for path in small.iterdir()]
        assert all(text.count(";\n") == 3 for text in texts)
    large = bench["inputs"].large_file(tmp_path / "large", 3_000_000, 500_000, 2)
    lines = (large / "00001_bulk.sql").read_text().splitlines()
    assert sum(map(len, lines)) > 2_000_000
    assert 450_000 < max(map(len, lines)) < 500_100


def test_the_proxy_holds_bytes_back_and_keeps_them(bench: dict[str, Any]) -> None:
    sent = os.urandom(3_000_000)
    answered: list[bytes] = []

    def answer(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer:
            while len(b"".join(answered)) < len(sent) and (data := peer.recv(1 << 20)):
                answered.append(data)
            peer.sendall(b"got it")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer, args=(listener,), daemon=True).start()
        with (
            bench["servers"].long_line(listener.getsockname()[1], 60) as port,
            socket.create_connection(("127.0.0.1", port)) as line,
        ):
            started = time.monotonic()
            line.sendall(sent)
            assert line.recv(16) == b"got it"
            assert time.monotonic() - started >= 0.06
    assert b"".join(answered) == sent


def test_a_schema_has_the_tables_asked_for(bench: dict[str, Any], database: str) -> None:
    script = bench["inputs"].schema_script(40)
    assert script == bench["inputs"].schema_script(40)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(script)
        kinds = connection.execute(
            "SELECT relkind::text, count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace GROUP BY 1"
        ).fetchall()
    counts = dict(kinds)
    assert (counts["r"], counts["v"]) == (40, 4)
    assert counts["i"] > 100


def test_without_prisma_a_case_says_so(
    bench: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench["prisma_cases"], "PRISMA", tmp_path)
    monkeypatch.setattr(bench["prisma_cases"], "_load", lambda *_: None)
    postgres = SimpleNamespace(fresh=lambda: contextlib.nullcontext("postgres://"))
    line = bench["cases"].run_case("prisma-small", postgres, "goose", quick=True)
    assert not line.fine
    assert "make peers" in line.note


@pytest.mark.peer
def test_a_pull_is_measured_and_compared(goose_binary: Path, prisma_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "run.py"), "--quick", "prisma-small"],
        env={**os.environ, "GREYLAG_GOOSE": str(goose_binary)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    line = done.stdout.splitlines()[-1]
    assert line.startswith("prisma db pull, 10 tables"), done.stdout + done.stderr
    assert "files are the same to the byte" in line


@pytest.mark.peer
@pytest.mark.parametrize("case", ["create", "clickhouse-status", "catalog", "drift"])
def test_a_case_runs(goose_binary: Path, case: str) -> None:
    if case.startswith("clickhouse") and not clickhouse.is_there():
        pytest.skip(clickhouse.MISSING)
    done = subprocess.run(
        [sys.executable, str(BENCH / "run.py"), "--quick", case],
        env={**os.environ, "GREYLAG_GOOSE": str(goose_binary)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "QUICK RUN" in done.stdout
    line = done.stdout.splitlines()[-1]
    assert "error" not in line
    assert all(word in line for word in case.split("-")), line
    assert line.count(" s ") >= 2 or "requests" in line or "MiB" in line, done.stdout + done.stderr


def test_a_case_without_its_engine_says_so(bench: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench["clickhouse_server"].importlib.util, "find_spec", lambda name: None)
    line = bench["cases"].run_case("clickhouse-status", None, "goose", quick=True)
    assert not line.fine
    assert "chdb is not installed" in line.note
