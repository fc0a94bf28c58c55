"""What is measured, and what is wanted of it: one function per case, listed in CASES."""

from __future__ import annotations

import itertools
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import clickhouse_cases
import inputs
import prisma_cases
import servers
from lines import Bench, Line, compare_seconds
from measure import FailedError, Run, run, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent


def _up(bench: Bench, words: Callable[[str], list[str]], port: int | None = None) -> Run:
    with bench.postgres.fresh(port) as url:
        return run(words(url))


def _server_seconds(bench: Bench, folder: Path) -> float:
    """What the server itself needs for the statements: psql without a line in between, the fastest of three."""
    script = inputs.one_script(folder, bench.scratch / f"{folder.name}.sql")
    psql = str(bench.postgres.programs / "psql")
    return min(_up(bench, lambda url: [psql, "-qX", "-f", str(script), url]).seconds for _ in range(3))


def _both_up(bench: Bench, folder: Path, port: int | None = None) -> tuple[Run, Run]:
    words = ("-dir", str(folder), "postgres")
    return side_by_side(
        lambda: _up(bench, lambda url: [bench.peer, *words, url, "up"], port),
        lambda: _up(bench, lambda url: [bench.goose, *words, url, "up"], port),
    )


def latency(bench: Bench) -> Line:
    """300 migrations over a line of 5 ms round trip."""
    count = bench.size(300, 30)
    folder = inputs.small_files(bench.scratch / "latency", count)
    with servers.long_line(bench.postgres.port, 5) as port:
        theirs, ours = _both_up(bench, folder, port)
    faster = f"{theirs.seconds / ours.seconds:.1f} times faster"
    note = f"{faster}; the server alone: {_server_seconds(bench, folder):.2f} s"
    return compare_seconds(f"goose up, {count} files, 5 ms", theirs, ours, 0.1, note)


def loopback(bench: Bench) -> Line:
    """The same without the line, start-up included."""
    count = bench.size(300, 30)
    folder = inputs.small_files(bench.scratch / "loopback", count)
    theirs, ours = _both_up(bench, folder)
    note = f"the server alone: {_server_seconds(bench, folder):.2f} s"
    return compare_seconds(f"goose up, {count} files, loopback", theirs, ours, 1.0, note)


def _mark_applied(bench: Bench, folder: Path, url: str, count: int) -> None:
    """Have the version table say that the files 1 to ``count`` are applied, without running them."""
    database = url.rpartition("/")[2].partition("?")[0]
    run([bench.peer, "-dir", str(folder), "postgres", url, "version"])
    bench.postgres.run(
        "psql", "-qX", "-h", "127.0.0.1", "-p", str(bench.postgres.port), "-U", "postgres", "-c",
        "INSERT INTO goose_db_version (version_id, is_applied) "
        f"SELECT n, true FROM generate_series(1, {count}) n", database,
    )  # fmt: skip


def nothing_pending(bench: Bench) -> Line:
    """Many files, all of them applied."""
    count = bench.size(10_000, 1_000)
    folder = inputs.small_files(bench.scratch / "nothing", count)
    with bench.postgres.fresh() as url:
        words = ["-dir", str(folder), "postgres", url, "up"]
        _mark_applied(bench, folder, url, count)
        theirs, ours = side_by_side(
            lambda: run([bench.peer, *words]), lambda: run([bench.goose, *words]), runs=21
        )
    return compare_seconds(f"goose up, {count} files, nothing pending", theirs, ours, 1.0)


def _beside_goose(bench: Bench, folder: Path, port: int | None = None) -> tuple[Run, Run]:
    return side_by_side(
        lambda: _up(bench, lambda url: [bench.goose, "-dir", str(folder), "postgres", url, "up"], port),
        lambda: _up(bench, lambda url: [bench.greylag, "up", "--dir", str(folder), "--dsn", url], port),
    )


def greylag_up(bench: Bench) -> Line:
    """The people's face, with lock and journal, beside the drop-in."""
    count = bench.size(300, 30)
    folder = inputs.small_files(bench.scratch / "greylag", count)
    goose, greylag = _beside_goose(bench, folder)
    return compare_seconds(f"greylag up, {count} files (theirs: our goose)", goose, greylag, 1.5)


def greylag_latency(bench: Bench) -> Line:
    """The same over a line of 5 ms round trip."""
    count = bench.size(300, 30)
    folder = inputs.small_files(bench.scratch / "greylag-latency", count)
    with servers.long_line(bench.postgres.port, 5) as port:
        goose, greylag = _beside_goose(bench, folder, port)
    return compare_seconds(f"greylag up, {count} files, 5 ms (theirs: our goose)", goose, greylag, 1.5)


def greylag_status(bench: Bench) -> Line:
    """Many applied files that the journal knows and nobody has edited."""
    count = bench.size(10_000, 1_000)
    folder = inputs.small_files(bench.scratch / "greylag-status", count)
    with bench.postgres.fresh() as url:
        _mark_applied(bench, folder, url, count)
        place = ["--dir", str(folder), "--dsn", url]
        run([bench.greylag, "up", *place])  # the journal notes the files as they are
        goose, greylag = side_by_side(
            lambda: run([bench.goose, "-dir", str(folder), "postgres", url, "status"]),
            lambda: run([bench.greylag, "status", *place]),
            runs=11,
        )
    return compare_seconds(f"greylag status, {count} files (theirs: our goose)", goose, greylag, 2.0)


def version(bench: Bench) -> Line:
    """The shortest command there is, beside an interpreter that does nothing."""
    bare, ours = side_by_side(
        lambda: run([sys.executable, "-c", "pass"]), lambda: run([bench.goose, "-version"]), runs=21
    )
    peer, _ = side_by_side(lambda: run([bench.peer, "-version"]), lambda: run([bench.peer, "-version"]))
    note = f"the real goose: {peer.seconds:.3f} s"
    return compare_seconds("goose -version (theirs: python -c pass)", bare, ours, 3.0, note)


def create(bench: Bench) -> Line:
    """A new migration file, beside an interpreter that does nothing."""
    folder = bench.scratch / "create"
    folder.mkdir()
    numbers = itertools.count(1)
    bare, ours = side_by_side(
        lambda: run([sys.executable, "-c", "pass"]),
        lambda: run([bench.goose, "-dir", str(folder), "create", f"step_{next(numbers)}", "sql"]),
        runs=21,
    )
    return compare_seconds("goose create (theirs: python -c pass)", bare, ours, 3.0)


def status(bench: Bench) -> Line:
    """``status`` of applied files, beside a script that only imports psycopg, connects and asks."""
    count = bench.size(300, 30)
    folder = inputs.small_files(bench.scratch / "status", count)
    with bench.postgres.fresh() as url:
        words = ["-dir", str(folder), "postgres", url]
        run([bench.peer, *words, "up"])
        bare, ours = side_by_side(
            lambda: run([sys.executable, str(HERE / "status_reference.py"), url]),
            lambda: run([bench.goose, *words, "status"]),
            runs=11,
        )
        peer, _ = side_by_side(
            lambda: run([bench.peer, *words, "status"]), lambda: run([bench.peer, *words, "status"])
        )
    note = f"the real goose: {peer.seconds:.3f} s"
    return compare_seconds(f"goose status, {count} files (theirs: psycopg script)", bare, ours, 1.5, note)


def _memory(case: str, theirs: Run | None, ours: Run) -> Line:
    shown = f"{theirs.peak_mib:.0f} MiB" if theirs else "refused"
    ratio = ours.peak_mib / theirs.peak_mib if theirs else None
    note = f"ours took {ours.seconds:.1f} s" + (f", theirs {theirs.seconds:.1f} s" if theirs else "")
    return Line(
        case, shown, f"{ours.peak_mib:.0f} MiB", ratio, "< 150 MiB", ours.peak_mib * 1.048576 < 150, note
    )


def _bulk(bench: Bench, name: str, line_bytes: int, lines_per_statement: int) -> Path:
    total = bench.size(300, 20) * inputs.MEBI
    return inputs.large_file(bench.scratch / name, total, line_bytes, lines_per_statement)


def long_lines(bench: Bench) -> Line:
    """A large file of long lines; memory hardly varies, so each side runs once."""
    folder = _bulk(bench, "long", inputs.MEBI, 1)
    theirs = _up(bench, lambda url: [bench.peer, "-dir", str(folder), "postgres", url, "up"])
    ours = _up(bench, lambda url: [bench.goose, "-dir", str(folder), "postgres", url, "up"])
    shutil.rmtree(folder)
    return _memory(f"goose up, {bench.size(300, 20)} MiB, lines of 1 MiB, peak memory", theirs, ours)


def many_lines(bench: Bench) -> Line:
    """A large file of short lines, a thousand to a statement."""
    folder = _bulk(bench, "many", 90, 1000)
    theirs = _up(bench, lambda url: [bench.peer, "-dir", str(folder), "postgres", url, "up"])
    ours = _up(bench, lambda url: [bench.goose, "-dir", str(folder), "postgres", url, "up"])
    shutil.rmtree(folder)
    return _memory(f"goose up, {bench.size(300, 20)} MiB, short lines, peak memory", theirs, ours)


def longest_lines(bench: Bench) -> Line:
    """Lines above goose's limit: goose refuses them, greylag runs them."""
    folder = _bulk(bench, "longest", 5 * inputs.MEBI, 1)
    with bench.postgres.fresh() as url:
        run([bench.peer, "-dir", str(folder), "postgres", url, "up"], expect=1)
    ours = _up(bench, lambda url: [bench.greylag, "up", "--dir", str(folder), "--dsn", url])
    shutil.rmtree(folder)
    return _memory(f"greylag up, {bench.size(300, 20)} MiB, lines of 5 MiB, peak memory", None, ours)


CASES: dict[str, Callable[[Bench], Line]] = {
    "latency": latency,
    "loopback": loopback,
    "nothing-pending": nothing_pending,
    "greylag-up": greylag_up,
    "greylag-latency": greylag_latency,
    "greylag-status": greylag_status,
    "version": version,
    "create": create,
    "status": status,
    "long-lines": long_lines,
    "many-lines": many_lines,
    "longest-lines": longest_lines,
    **clickhouse_cases.CASES,
    **prisma_cases.CASES,
}


def run_case(name: str, postgres: servers.Postgres, peer: str, *, quick: bool) -> Line:
    """Run one case in a scratch folder of its own; a side that fails makes a line that says so."""
    scripts = Path(sys.executable).parent
    with tempfile.TemporaryDirectory(prefix="greylag-bench-") as scratch:
        bench = Bench(postgres, Path(scratch), peer, str(scripts / "goose"), str(scripts / "greylag"), quick)
        try:
            return CASES[name](bench)
        except FailedError as error:
            return Line(name, "", "", None, "", False, f"error: {error}")
