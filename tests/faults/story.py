"""A small story of migrations, the program that runs it, and what a database says about how far it came."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import psycopg

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from tests.faults.zygote import Zygote

PROGRAM = [sys.executable, "-m", "greylag"]
SECONDS = 60

FILES = {
    "00001_a.sql": """-- +goose Up
CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO a SELECT g, g FROM generate_series(1, 5) g;
-- +goose Down
DROP TABLE a;
""",
    "00002_b.sql": """-- +goose Up
ALTER TABLE a ADD COLUMN m int;
CREATE TABLE b (n int NOT NULL);
-- +goose Down
DROP TABLE b;
ALTER TABLE a DROP COLUMN m;
""",
    "00003_apart.sql": """-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY a_n ON a (n);
INSERT INTO b VALUES (7);
CREATE UNIQUE INDEX CONCURRENTLY b_n ON b (n);
-- +goose Down
DROP INDEX CONCURRENTLY b_n;
INSERT INTO b VALUES (8);
DROP INDEX CONCURRENTLY a_n;
""",
    "00004_c.sql": """-- +goose Up
CREATE TABLE c (n int);
-- +goose Down
DROP TABLE c;
""",
}


class Ended(NamedTuple):
    """A run that is over. ``said`` is all it wrote, stdout and stderr as they came."""

    code: int
    said: str


class Running:
    """A run under way in a process group of its own."""

    def __init__(
        self, pid: int, output: Path, wait: Callable[[], int], poll: Callable[[], int | None]
    ) -> None:
        self.pid, self._output, self._wait, self._poll = pid, output, wait, poll

    @property
    def said(self) -> str:
        return self._output.read_text("utf-8")

    def is_over(self) -> bool:
        return self._poll() is not None

    def send(self, number: int) -> None:
        os.kill(self.pid, number)

    def end(self) -> Ended:
        """Wait for it. A traceback is a fault of the program whatever the test is about."""
        code = self._wait()
        assert "Traceback" not in self.said, self.said
        return Ended(code, self.said)

    def kill(self) -> None:
        if not self.is_over():
            os.killpg(self.pid, signal.SIGKILL)
            self._wait()


class Teller:
    """Writes migration files and starts greylag on them, forked from ``zygote`` where there is one."""

    def __init__(self, base: Path, zygote: Zygote | None = None) -> None:
        self.base, self.folder, self._zygote = base, base / "migrations", zygote
        self.folder.mkdir()
        self.started: list[Running] = []

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).write_text(text)

    def settings(self, text: str) -> None:
        """A configuration file where the program looks for one."""
        (self.base / "greylag.toml").write_text(text)

    def start(self, dsn: str, verb: str, *options: str) -> Running:
        output = self.base / f"output-{len(self.started)}"
        words = [*verb.split(), "--dsn", dsn, "--dir", str(self.folder), *options]
        self.started.append(self._forked(words, output) if self._zygote else self._spawned(words, output))
        return self.started[-1]

    def _forked(self, words: list[str], output: Path) -> Running:
        assert self._zygote is not None
        pid = self._zygote.start(words, self.base, output)
        return Running(pid, output, partial(self._zygote.wait, pid), partial(self._zygote.poll, pid))

    def _spawned(self, words: list[str], output: Path) -> Running:
        with output.open("wb") as file:
            process = subprocess.Popen(
                [*PROGRAM, *words],
                cwd=self.base, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
                env={**os.environ, "GIT_CEILING_DIRECTORIES": str(self.base.parent), "NO_COLOR": "1"},
            )  # fmt: skip
        return Running(process.pid, output, partial(process.wait, SECONDS), process.poll)

    def run(self, dsn: str, verb: str, *options: str) -> Ended:
        return self.start(dsn, verb, *options).end()

    def close(self) -> None:
        for running in self.started:
            running.kill()


def rows(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(query).fetchall()


def renew(dsn: str) -> None:
    """Empty a database; many times faster than making one."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "SET client_min_messages = error; DROP SCHEMA IF EXISTS greylag CASCADE; "
            "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
        )


_STATE = """
SELECT 'column', c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname !~ '^(goose|greylag)_'
UNION ALL
SELECT 'index', x.relname, i.indisvalid::text || ' ' || pg_get_indexdef(i.indexrelid)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ '^(goose|greylag)_'
"""


def state(dsn: str) -> dict[tuple[str, str], str]:
    """Schema and rows of all that is neither goose's nor greylag's own."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        found = {(kind, name): text for kind, name, text in connection.execute(_STATE).fetchall()}
        for table in {name.partition(".")[0] for kind, name in found if kind == "column"}:
            texts = connection.execute(f"SELECT t::text FROM {table} t ORDER BY 1").fetchall()
            found["rows", table] = " ".join(text for (text,) in texts)
    return found


def versions(dsn: str) -> list[int]:
    """The version table as goose reads it: what is applied, oldest first; doubled rows are doubled here."""
    if rows(dsn, "SELECT to_regclass('public.goose_db_version') IS NULL") == [(True,)]:
        return []
    found = rows(dsn, "SELECT version_id, is_applied FROM public.goose_db_version ORDER BY version_id, id")
    assert all(applied for _, applied in found), found
    return [version for version, _ in found if version]


def journal_name(dsn: str) -> str:
    """Where the journal is; empty for none."""
    query = (
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE (n.nspname, c.relname) = ('greylag', 'journal') OR c.relname = 'greylag_journal'"
    )
    found = rows(dsn, query)
    assert len(found) < 2, found
    return str(found[0][0]) if found else ""


def journal(dsn: str, condition: str = "true") -> list[tuple[int, str, int | None, str]]:
    """Version, direction, statement and state of the journal's rows, oldest first."""
    name = journal_name(dsn)
    columns = "version, direction, statement, state"
    return rows(dsn, f"SELECT {columns} FROM {name} WHERE {condition} ORDER BY id") if name else []  # type: ignore[return-value]


def untrue(dsn: str, *, journaled: bool = True) -> list[str]:
    """What version table, journal and the story's objects say against each other; empty when they agree.

    ``journaled`` is False where nothing has noted yet what goose applied.
    """
    applied, found = versions(dsn), state(dsn)
    expected = {
        1: ("rows", "a") in found,
        2: ("column", "a.m") in found and ("rows", "b") in found,
        4: ("rows", "c") in found,
    }
    wrong = [
        f"version {version} is {'not ' * (version not in applied)}recorded, its objects are {'' if there else 'not '}there"
        for version, there in expected.items()
        if there != (version in applied)
    ]
    if expected[1] and len(found["rows", "a"].split()) != 5:
        wrong.append(f"rows of a: {found['rows', 'a']}")
    if 3 in applied and ("index", "a_n") not in found and not journal(dsn, "open AND direction = 'down'"):
        wrong.append("version 3 is recorded without its index a_n, and nothing says that it is taken back")
    if len(applied) != len(set(applied)):
        wrong.append(f"versions recorded twice: {applied}")
    return wrong + (_against_journal(dsn) if journaled else [])


def _against_journal(dsn: str) -> list[str]:
    name = journal_name(dsn)
    if not name:
        return ["versions without a journal"] if versions(dsn) else []
    query = (
        f"SELECT h.version_id, j.version FROM (SELECT * FROM goose_db_version WHERE version_id > 0) h "
        f"FULL JOIN (SELECT DISTINCT ON (version) * FROM {name} WHERE statement IS NULL "
        "AND state IN ('done', 'marked', 'adopted') ORDER BY version, id DESC) j "
        "ON j.version_row = h.id AND j.direction = 'up' WHERE h.id IS NULL AND j.direction = 'up' OR j.id IS NULL"
    )
    return [f"version row {row}, journal row {noted}" for row, noted in rows(dsn, query)]
