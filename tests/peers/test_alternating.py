"""The real goose and ours, in turn on one database, in any order: every step leaves what goose alone leaves.

Each story runs twice at once: on one database a program drawn by lot takes each step, on its twin the real
goose takes them all. Afterwards output, rows and schema of both are the same.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.plugins.postgres import PostgresServer

pytestmark = pytest.mark.peer

OURS = [sys.executable, "-c", "import sys; from greylag.cli.goose.main import main; sys.exit(main())"]
STEPS = 22

COMMANDS = (
    "up", "up", "up", "up-by-one", "up-by-one", "up-to 3", "up-to 6", "down", "down", "down-to 2", "down-to 5",
    "down-to 0", "redo", "reset", "status", "version", "-allow-missing up", "-allow-missing up-by-one",
)  # fmt: skip

FILES = {
    "00001_users.sql": "-- +goose Up\nCREATE TABLE users (id int PRIMARY KEY, name text);\n"
    "INSERT INTO users VALUES (1, 'a;b'), (2, '%s ?');\n-- +goose Down\nDROP TABLE users;\n",
    "00002_posts.sql": "-- +goose Up\nCREATE TABLE posts (id int PRIMARY KEY, user_id int REFERENCES users (id));\n"
    "-- +goose Down\nDROP TABLE posts;\n",
    "00003_view.sql": "-- +goose Up\n-- +goose StatementBegin\nCREATE VIEW names AS SELECT name FROM users;\n"
    "CREATE VIEW ids AS SELECT id FROM users;\n-- +goose StatementEnd\n-- +goose Down\nDROP VIEW ids;\nDROP VIEW names;\n",
    "00005_plain.sql": "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX posts_user ON posts (user_id);\n"
    "-- +goose Down\nDROP INDEX posts_user;\n",
    "00006_one_way.sql": "-- +goose Up\nCREATE TABLE IF NOT EXISTS kept (id int);\n",
    "00007_nothing.sql": "-- +goose Up\n\n-- +goose Down\n",
    "20250101000000_stamped.sql": "-- +goose Up\nALTER TABLE users ADD COLUMN mail text;\n"
    "-- +goose Down\nALTER TABLE users DROP COLUMN mail;\n",
}  # fmt: skip
LATE = ("00004_late.sql", "-- +goose Up\nCREATE TABLE late (id int);\n-- +goose Down\nDROP TABLE late;\n")
BROKEN = (
    "20250102000000_broken.sql",
    "-- +goose Up\nCREATE TABLE half (id int);\nINSERT INTO nosuch VALUES (1);\n-- +goose Down\nDROP TABLE half;\n",
)


class Database(NamedTuple):
    """A database as both programs are told of it, and what it holds."""

    driver: str
    dsn: str
    ask: Callable[[str], list[tuple[object, ...]]]
    schema_query: str

    def rows(self) -> list[tuple[object, ...]]:
        try:
            return self.ask("SELECT version_id, is_applied FROM goose_db_version ORDER BY id")
        except (psycopg.errors.UndefinedTable, sqlite3.OperationalError):
            return [("no table",)]

    def schema(self) -> list[tuple[object, ...]]:
        return self.ask(self.schema_query)


POSTGRES_SCHEMA = """
SELECT c.relkind::text, c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.attidentity::text, pg_get_expr(d.adbin, d.adrelid)
FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 2, a.attnum"""

OLD_POSTGRES = """
CREATE TABLE goose_db_version (
  id serial NOT NULL PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL,
  tstamp timestamptz NULL DEFAULT now());
INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES
  (0, true, '2019-05-06 07:08:09.5+02'), (1, true, '2019-06-07 23:30:00+00'), (2, true, '2019-06-08 00:00:00+00'),
  (2, false, '2019-06-09 00:00:00+00'), (3, true, '2019-12-31 18:00:00+00'), (3, false, '2020-01-01 00:00:00+00')"""

OLD_SQLITE = """
CREATE TABLE goose_db_version (
  id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL,
  tstamp TIMESTAMP DEFAULT (datetime('now')));
INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES
  (0, 1, '2019-05-06 07:08:09.5+02:00'), (1, 1, '2019-06-07T23:30:00Z'), (2, 1, '2019-06-08'),
  (2, 0, '2019-06-09 00:00:00'), (3, 1, '2019-12-31 18:00'), (3, 0, '2020-01-01 00:00:00')"""

# In old tables versions 1 to 3 have rows already, so what they made is there.
BEFORE = """CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE posts (id int PRIMARY KEY, user_id int REFERENCES users (id))"""


class Makers:
    """Makes twin databases of one engine."""

    def __init__(self, engine: str, folder: Path, server: PostgresServer) -> None:
        self.engine = engine
        self._folder = folder
        self._server = server
        self._urls: list[str] = []

    def make(self, name: str, *, old: bool) -> Database:
        before = f"{BEFORE};{OLD_POSTGRES if self.engine == 'postgres' else OLD_SQLITE}" if old else ""
        if self.engine == "sqlite3":
            return self._sqlite(name, before)
        database = f"alternating_{os.getpid()}_{name}"
        with psycopg.connect(self._server.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        url = self._server.url(database)
        self._urls.append(url)

        def ask(query: str) -> list[tuple[object, ...]]:
            with psycopg.connect(url, autocommit=True) as connection:
                return list(connection.execute(query).fetchall()) if query else []

        if before:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(before)
        return Database("postgres", url, ask, POSTGRES_SCHEMA)

    def _sqlite(self, name: str, before: str) -> Database:
        path = self._folder / f"{name}.db"

        def ask(query: str) -> list[tuple[object, ...]]:
            connection = sqlite3.connect(path)
            try:
                return connection.execute(query).fetchall()
            finally:
                connection.close()

        connection = sqlite3.connect(path)
        connection.executescript(before)
        connection.close()
        query = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
        return Database("sqlite3", str(path), ask, query)

    def drop(self) -> None:
        for url in self._urls:
            database = url.rpartition("/")[2].partition("?")[0]
            with psycopg.connect(self._server.url(), autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


@pytest.fixture(params=["postgres", "sqlite3"])
def makers(request: pytest.FixtureRequest, tmp_path: Path, postgres: PostgresServer) -> object:
    made = Makers(request.param, tmp_path, postgres)
    yield made
    made.drop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "m"
    made.mkdir()
    for name, text in FILES.items():
        (made / name).write_text(text)
    return made


class Answer(NamedTuple):
    """What a program printed, with what differs from run to run taken out."""

    code: int
    stdout: str
    stderr: str


def plain(text: str) -> str:
    text = re.sub(r"(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", "<LOG> ", text)
    text = re.sub(r"\((\d[\d.]*(?:ns|µs|ms|s|m\d.*s))\)", "(<DURATION>)", text)
    return text.replace(os.sep + "./", os.sep)


def without_times(answer: Answer) -> Answer:
    times = r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d 20[2-9]\d"
    return answer._replace(stderr=re.sub(times, "<TSTAMP>", answer.stderr))


def run(program: list[str], words: str, folder: Path, database: Database) -> Answer:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GOOSE_", "PG"))}
    done = subprocess.run(
        [*program, "-dir", folder.name, database.driver, database.dsn, *words.split()],
        cwd=folder.parent, env={**environment, "TZ": "Asia/Seoul"}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return Answer(done.returncode, plain(done.stdout), plain(done.stderr))


def check_status(real: list[str], folder: Path, database: Database, told: str) -> None:
    """Both programs say the same, times included, of one and the same database."""
    assert run(OURS, "status", folder, database) == run(real, "status", folder, database), told


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("old", [False, True], ids=["fresh", "old"])
def test_in_turn(goose_binary: Path, makers: Makers, folder: Path, old: bool, seed: int) -> None:
    real = [str(goose_binary)]
    lots = random.Random(seed)
    shared, twin = makers.make("shared", old=old), makers.make("twin", old=old)
    by_ours = 0
    for step in range(STEPS):
        if step == STEPS // 3:
            (folder / LATE[0]).write_text(LATE[1])
        if step == STEPS // 2:
            (folder / BROKEN[0]).write_text(BROKEN[1])
        if step == 3 * STEPS // 4:
            (folder / BROKEN[0]).unlink()
        words = lots.choice(COMMANDS)
        program = lots.choice([real, OURS])
        by_ours += program is OURS
        told = f"step {step}: {'ours' if program is OURS else 'real'} {words}"
        answer = without_times(run(program, words, folder, shared))
        assert answer == without_times(run(real, words, folder, twin)), told
        assert shared.rows() == twin.rows(), told
        assert shared.schema() == twin.schema(), told
        if step % 4 == 3:
            check_status(real, folder, shared, told)
    assert 0 < by_ours < STEPS


STORY = ("status", "up-to 3", "up", "redo", "down", "up-by-one", "down-to 2", "up")


@pytest.mark.parametrize("old", [False, True], ids=["fresh", "old"])
def test_ours_then_the_real_one(goose_binary: Path, makers: Makers, folder: Path, old: bool) -> None:
    real = [str(goose_binary)]
    shared, twin = makers.make("shared", old=old), makers.make("twin", old=old)
    for program, story in ((OURS, STORY), (real, (*STORY, "reset", "up", "down-to 0"))):
        for words in story:
            answer = without_times(run(program, words, folder, shared))
            assert answer == without_times(run(real, words, folder, twin)), words
            assert shared.rows() == twin.rows(), words
            assert shared.schema() == twin.schema(), words
        check_status(real, folder, shared, "at the end of a story")
