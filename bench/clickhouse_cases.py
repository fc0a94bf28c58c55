"""The cases on ClickHouse: round trips, requests and start-up, beside the real goose and the bare drivers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import inputs
import servers
from clickhouse_server import Clickhouse, clickhouse
from lines import Bench, Line, compare_seconds
from measure import Run, run, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCE = str(Path(__file__).resolve().parent / "clickhouse_reference.py")
ROUND_TRIP_MS = 5


class _Side:
    """One program's runs, each on a database of its own, and how many requests the last of them sent."""

    def __init__(self, server: Clickhouse, words: Callable[[str], list[str]]) -> None:
        self._server = server
        self._words = words
        self.requests = 0

    def __call__(self) -> Run:
        database = self._server.fresh()
        seen = run(self._words(database))
        self.requests = self._server.requests(database)
        return seen


def _words(program: str, folder: Path, port: int, verb: str) -> Callable[[str], list[str]]:
    return lambda name: [
        program, "-dir", str(folder), "clickhouse", f"http://127.0.0.1:{port}/{name}", verb
    ]  # fmt: skip


def _careful(bench: Bench, folder: Path, port: int) -> Callable[[str], list[str]]:
    return lambda name: [
        bench.greylag, "up", "--dir", str(folder), "--dsn", f"http://127.0.0.1:{port}/{name}"
    ]  # fmt: skip


def up(bench: Bench) -> Line:
    """Files of three statements over a line of 5 ms round trip."""
    count = bench.size(100, 10)
    folder = inputs.clickhouse_files(bench.scratch / "up", count)
    with clickhouse() as server, servers.long_line(server.port, ROUND_TRIP_MS) as port:
        peer = _Side(server, _words(bench.peer, folder, port, "up"))
        ours = _Side(server, _words(bench.goose, folder, port, "up"))
        theirs, mine = side_by_side(peer, ours)
    note = f"requests: theirs {peer.requests}, ours {ours.requests}"
    return compare_seconds(f"clickhouse up, {count} files, 5 ms", theirs, mine, 1.0, note)


def status(bench: Bench) -> Line:
    """``status`` of applied files over the same line: the requests it takes."""
    count = bench.size(100, 10)
    folder = inputs.clickhouse_files(bench.scratch / "status", count)
    with clickhouse() as server, servers.long_line(server.port, ROUND_TRIP_MS) as port:
        database = server.fresh()
        run(_words(bench.goose, folder, server.port, "up")(database))
        sent = []

        def counted(program: str) -> Run:
            before = server.requests(database)
            seen = run(_words(program, folder, port, "status")(database))
            sent.append(server.requests(database) - before)
            return seen

        theirs, ours = side_by_side(lambda: counted(bench.peer), lambda: counted(bench.goose))
    most, least = max(sent), min(sent)
    note = f"{theirs.seconds:.3f} s and {ours.seconds:.3f} s"
    return Line(
        f"clickhouse status, {count} files, requests", str(most), str(least), least / most, "<= 0.33",
        ours.seconds <= theirs.seconds and least * 3 <= most, note,
    )  # fmt: skip


def start(bench: Bench) -> Line:
    """``status`` of one file, beside a script that imports the standard library's client and asks as much."""
    folder = inputs.clickhouse_files(bench.scratch / "start", 1)
    with clickhouse() as server:
        database = server.fresh()
        words = _words(bench.goose, folder, server.port, "status")(database)
        run(_words(bench.goose, folder, server.port, "up")(database))
        bare, ours = side_by_side(
            lambda: run([sys.executable, REFERENCE, "http", str(server.port), database]),
            lambda: run(words),
            runs=21,
        )
        peer, empty = side_by_side(
            lambda: run(_words(bench.peer, folder, server.port, "status")(database)),
            lambda: run([sys.executable, "-c", "pass"]),
        )
    note = f"the real goose: {peer.seconds:.3f} s; python -c pass: {empty.seconds:.3f} s"
    return compare_seconds("clickhouse status, HTTP (theirs: http.client script)", bare, ours, 1.5, note)


def start_native(bench: Bench) -> Line:
    """``status`` over the native protocol up to the connection that nobody accepts, beside the driver's import."""
    folder = inputs.clickhouse_files(bench.scratch / "native", 1)
    url = f"tcp://127.0.0.1:{servers.free_port()}/default"
    words = [bench.goose, "-dir", str(folder), "clickhouse", url, "status"]
    bare, ours = side_by_side(
        lambda: run([sys.executable, REFERENCE, "native"]), lambda: run(words, expect=1), runs=21
    )
    return compare_seconds("clickhouse start, native (theirs: the import)", bare, ours, 1.5)


def greylag_up(bench: Bench) -> Line:
    """The people's face, with lock and journal, beside the drop-in."""
    count = bench.size(100, 10)
    folder = inputs.clickhouse_files(bench.scratch / "greylag", count)
    with clickhouse() as server, servers.long_line(server.port, ROUND_TRIP_MS) as port:
        goose = _Side(server, _words(bench.goose, folder, port, "up"))
        careful = _Side(server, _careful(bench, folder, port))
        theirs, ours = side_by_side(goose, careful)
    note = f"requests: theirs {goose.requests}, ours {careful.requests}"
    return compare_seconds(f"clickhouse greylag up, {count} files, 5 ms (our goose)", theirs, ours, 2.5, note)


CASES: dict[str, Callable[[Bench], Line]] = {
    "clickhouse-up": up,
    "clickhouse-status": status,
    "clickhouse-start": start,
    "clickhouse-start-native": start_native,
    "clickhouse-greylag": greylag_up,
}
