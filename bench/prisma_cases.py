"""The cases of the schema road: pulls beside the real Prisma, a large catalog's memory, drift of many databases."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import inputs
import servers
from lines import Bench, Line, compare_seconds
from measure import FailedError, Run, run, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).resolve().parent
PRISMA = HERE.parent / ".peers" / "prisma"
STATEMENTS_AT_ONCE = 400  # more in one transaction, and the server's lock table of its defaults is full
ROUND_TRIP_MS = 5
DATASOURCE = """\
generator client {
  provider = "prisma-client-js"
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
"""


def _load(bench: Bench, url: str, tables: int) -> None:
    """Make so many tables and have the server know its catalogs, as one that stands for a day does."""
    lines = inputs.schema_script(tables).splitlines()
    script = bench.scratch / f"schema-{tables}.sql"
    with script.open("w") as file:
        for first in range(0, len(lines), STATEMENTS_AT_ONCE):
            file.write("\n".join(["BEGIN;", *lines[first : first + STATEMENTS_AT_ONCE], "COMMIT;\n"]))
        file.write("VACUUM ANALYZE;\n")
    run([str(bench.postgres.programs / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(script), url])


class _Pulls:
    """Pulls of one database by both programs, each into a file of its own; ``again``: onto what is there."""

    def __init__(self, bench: Bench, url: str, *, again: bool) -> None:
        if not (PRISMA / "version").is_file():
            raise FailedError("no Prisma to measure against: make peers brings it where Node and npm are")
        self._greylag = bench.greylag
        self._url = url
        self._again = again
        self._files = {name: bench.scratch / f"{name}.prisma" for name in ("theirs", "ours")}
        for file in self._files.values():
            file.write_text(DATASOURCE)
        if again:
            self._theirs(self._files["theirs"])
            self._ours(self._files["ours"])

    def theirs(self) -> Run:
        """One pull of Prisma's."""
        return self._timed("theirs", self._theirs)

    def ours(self) -> Run:
        """One of greylag's."""
        return self._timed("ours", self._ours)

    def same(self) -> bool:
        """Whether both files are the same to the byte, and more than the datasource."""
        theirs, ours = (file.read_bytes() for file in self._files.values())
        return theirs == ours and len(ours) > len(DATASOURCE)

    def _timed(self, name: str, pull: Callable[[Path], Run]) -> Run:
        if not self._again:
            self._files[name].write_text(DATASOURCE)
        return pull(self._files[name])

    def _theirs(self, file: Path) -> Run:
        stub = str(PRISMA / "engine-stub.so.node")
        known = {
            "DATABASE_URL": self._url,
            "PRISMA_SCHEMA_ENGINE_BINARY": stub,
            "PRISMA_QUERY_ENGINE_LIBRARY": stub,
        }
        quiet = {"CHECKPOINT_DISABLE": "1", "PRISMA_HIDE_UPDATE_MESSAGE": "1"}
        program = str(PRISMA / "node_modules" / "prisma" / "build" / "index.js")
        return run(
            ["node", program, "db", "pull", "--schema", str(file)], more={**known, **quiet}, folder=PRISMA
        )

    def _ours(self, file: Path) -> Run:
        words = [self._greylag, "prisma", "db", "pull", "--schema", str(file)]
        return run(words, more={"DATABASE_URL": self._url})


def _pull(bench: Bench, tables: int, most: float, *, again: bool) -> Line:
    with bench.postgres.fresh() as url:
        _load(bench, url, tables)
        pulls = _Pulls(bench, url, again=again)
        theirs, ours = side_by_side(pulls.theirs, pulls.ours)
        same = pulls.same()
    faster = (
        f"{theirs.seconds / ours.seconds:.1f} times faster, {theirs.peak_mib:.0f} and {ours.peak_mib:.0f} MiB"
    )
    note = f"{faster}; files are {'the same to the byte' if same else 'NOT THE SAME'}"
    what = "db pull again" if again else "db pull"
    line = compare_seconds(f"prisma {what}, {tables} tables", theirs, ours, most, note)
    return line._replace(fine=line.fine and same)


def pull_small(bench: Bench) -> Line:
    """A small database: how fast both start."""
    return _pull(bench, 10, 0.25, again=False)


def pull_large(bench: Bench) -> Line:
    """A large database into an empty file."""
    return _pull(bench, bench.size(1000, 50), 0.4, again=False)


def pull_again(bench: Bench) -> Line:
    """The same onto its own result, which is read and kept."""
    return _pull(bench, bench.size(1000, 50), 0.5, again=True)


def catalog(bench: Bench) -> Line:
    """The whole Catalog of a huge database: the memory it takes."""
    tables = bench.size(10_000, 100)
    with bench.postgres.fresh() as url:
        _load(bench, url, tables)
        ours = run([sys.executable, str(HERE / "catalog_reading.py"), url, str(tables)])
    return Line(
        f"catalog of {tables} tables, peak memory", "", f"{ours.peak_mib:.0f} MiB", None, "< 300 MB",
        ours.peak_mib * 1.048576 < 300, f"in {ours.seconds:.1f} s",
    )  # fmt: skip


def drift(bench: Bench) -> Line:
    """Twenty databases and one folder of files, over a line: several at once beside one after the other."""
    count = bench.size(20, 3)
    folder = inputs.small_files(bench.scratch / "migrations", bench.size(40, 8))
    with (
        servers.long_line(bench.postgres.port, ROUND_TRIP_MS) as port,
        _databases(bench, folder, count) as urls,
    ):
        line = {
            f"ONE_{name.upper()}_DEV_URL": url.replace(f":{bench.postgres.port}/", f":{port}/")
            for name, url in urls.items()
        }
        keys = "".join(f'{name} = {{ migrations = "{folder}" }}\n' for name in urls)
        (bench.scratch / "greylag.toml").write_text(f"[environments.dev]\n[services.one.databases]\n{keys}")

        def judged(*words: str) -> Run:
            return run([bench.greylag, "drift", "one@dev", *words], more=line, folder=bench.scratch)

        try:
            judged()  # starts the embedded server, whose scratch databases the files are run on
            theirs, ours = side_by_side(lambda: judged("--jobs", "1"), judged)
        finally:
            run([bench.greylag, "server", "stop"], folder=bench.scratch)
    case = f"drift of {count} databases, 5 ms (theirs: --jobs 1)"
    return compare_seconds(case, theirs, ours, 0.8, f"{os.cpu_count()} CPUs")


@contextlib.contextmanager
def _databases(bench: Bench, folder: Path, count: int) -> Iterator[dict[str, str]]:
    """So many databases with the files applied: their connection strings by name."""
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(bench.postgres.fresh()) for _ in range(count)]
        for url in urls:
            run([bench.goose, "-dir", str(folder), "postgres", url, "up"])
        yield {url.rpartition("/")[2].partition("?")[0]: url for url in urls}


CASES: dict[str, Callable[[Bench], Line]] = {
    "prisma-small": pull_small,
    "prisma-large": pull_large,
    "prisma-again": pull_again,
    "catalog": catalog,
    "drift": drift,
}
