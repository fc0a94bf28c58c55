"""What has to be going on in a database, or between it and us, for an answer to come."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest

from greylag.cli.guard import outcome
from greylag.cli.main import greylag_command
from tests.plugins.pgbouncer import NONE, is_there, poolers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    Scene = Callable[[str], AbstractContextManager[str]]


RUNNERS_LOCK = 4097083626
"""The lock id of goose's library, which greylag takes too."""

BOOKS = (
    "-- +goose Up\nCREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT);\n\n"
    "-- +goose Down\nDROP TABLE books;\n"
)
BUILD = (
    "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY ON books (lower(title));\n"
    "COMMENT ON TABLE books IS 'searched by title';\n"
)


def typed(command: str, url: str, folder: Path) -> str:
    """What a command prints on stderr."""
    stderr = io.StringIO()
    home = Path.cwd()
    os.environ["DATABASE_URL"] = url
    os.chdir(folder)
    words = shlex.split(command)[1:]
    try:
        with contextlib.redirect_stderr(stderr), contextlib.redirect_stdout(io.StringIO()):
            outcome(lambda: greylag_command.main(words, prog_name="greylag", standalone_mode=False))
    finally:
        os.chdir(home)
        del os.environ["DATABASE_URL"]
    return stderr.getvalue()


@contextlib.contextmanager
def folder_of(files: dict[str, str]) -> Iterator[Path]:
    """Where files lie in a folder ``migrations``."""
    with tempfile.TemporaryDirectory() as base:
        (Path(base) / "migrations").mkdir()
        for name, text in files.items():
            (Path(base) / "migrations" / name).write_text(text, "utf-8")
        yield Path(base)


@contextlib.contextmanager
def plain(url: str) -> Iterator[str]:
    """Nothing but the files of the page."""
    yield url


def prepared(sql: str, role: str = "") -> Scene:
    """Statements that ran before by other hands; with ``role`` that one migrates."""

    @contextlib.contextmanager
    def scene(url: str) -> Iterator[str]:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.encode())
        yield url.replace("postgres@", f"{role}@") if role else url
        if role:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())

    return scene


@contextlib.contextmanager
def locked(url: str) -> Iterator[str]:
    """Somebody has an open transaction that holds the table ``users``."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE users (id TEXT PRIMARY KEY)")
        connection.execute("BEGIN")
        connection.execute("LOCK TABLE users")
        yield url


@contextlib.contextmanager
def embraced(url: str) -> Iterator[str]:
    """Somebody holds ``b``, and wants ``a`` as soon as the migration has it."""
    with psycopg.connect(url, autocommit=True) as other:
        for sql in ("SET deadlock_timeout = '1h'", "CREATE TABLE a (id INT)", "CREATE TABLE b (id INT)"):
            other.execute(sql.encode())
        other.execute("BEGIN")
        other.execute("LOCK TABLE b")

        def want() -> None:
            with psycopg.connect(url, autocommit=True) as watcher:
                held = (
                    "SELECT 1 FROM pg_locks WHERE relation = 'a'::regclass AND mode = 'AccessExclusiveLock'"
                )
                while not watcher.execute(held).fetchone():
                    pass
            other.execute("LOCK TABLE a")

        thread = threading.Thread(target=want)
        thread.start()
        try:
            yield url
        finally:
            thread.join(30)


def guarded(rule: str) -> Scene:
    """The server's pg_hba.conf has a rule for a role of its own, ``clerk``."""

    @contextlib.contextmanager
    def scene(url: str) -> Iterator[str]:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE ROLE clerk LOGIN PASSWORD 'right'")
            (path,) = connection.execute("SHOW hba_file").fetchone() or ("",)
            file = Path(path)
            rules = file.read_text()
            file.write_text(f"host all clerk 127.0.0.1/32 {rule}\n{rules}")
            connection.execute("SELECT pg_reload_conf()")
            _settle(connection, rule)
            yield url.replace("postgres@", "clerk:wrong@")
            file.write_text(rules)
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("DROP ROLE clerk")

    return scene


def _settle(connection: psycopg.Connection, rule: str) -> None:
    """The view reads the file anew; the postmaster does so when the signal has arrived."""
    url = connection.info
    for _ in range(1000):
        try:
            psycopg.connect(
                host=url.host, port=url.port, dbname=url.dbname, user="clerk", password="x", sslmode="disable"
            ).close()
        except psycopg.OperationalError:
            return
    raise AssertionError(f"the server did not take the rule {rule}")


@contextlib.contextmanager
def nobody(url: str) -> Iterator[str]:
    """No server listens at the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield f"postgres://postgres@127.0.0.1:{port}/shop?sslmode=disable"


@contextlib.contextmanager
def encrypted(url: str) -> Iterator[str]:
    """The connection string asks for TLS, which the server does not have."""
    yield url.replace("sslmode=disable", "sslmode=require")


@contextlib.contextmanager
def elsewhere(url: str) -> Iterator[str]:
    """A database that is not there."""
    yield url.replace("/test_", "/no_test_")


def migrated(files: dict[str, str]) -> Scene:
    """These files have run; the page shows what became of them."""

    @contextlib.contextmanager
    def scene(url: str) -> Iterator[str]:
        with folder_of(files) as folder:
            said = typed("greylag up --dir migrations", url, folder)
        assert "error" not in said, said
        yield url

    return scene


@contextlib.contextmanager
def run_by_another(url: str) -> Iterator[str]:
    """Somebody else migrates."""
    with psycopg.connect(url, autocommit=True, application_name="greylag up") as runner:
        runner.execute("SELECT pg_advisory_lock(%s)", [RUNNERS_LOCK])
        yield url


@contextlib.contextmanager
def killed(url: str) -> Iterator[str]:
    """A run was killed while it built an index that has no name of its own."""
    waiting = "SELECT pid FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting%%' AND datname = %s"
    alive = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
    name = urlsplit(url).path.removeprefix("/")
    with (
        folder_of({"00001_books.sql": BOOKS, "00002_titles.sql": BUILD}) as folder,
        psycopg.connect(url, autocommit=True) as watcher,
        psycopg.connect(url, autocommit=True) as other,
    ):
        typed("greylag up-to 1 --dir migrations", url, folder)
        other.execute("BEGIN; UPDATE books SET title = title")
        words = [sys.executable, "-m", "greylag", "up", "--dir", "migrations", "--dsn", url]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(words, cwd=folder, **quiet) as run:
            while not (built := watcher.execute(waiting, [name]).fetchone()):
                assert run.poll() is None, "the run ended before it could be killed"
            run.kill()
        watcher.execute("SELECT pg_terminate_backend(%s)", built)
        while watcher.execute(alive, built).fetchone():
            pass
    yield url


@contextlib.contextmanager
def lent(url: str) -> Iterator[str]:
    """A pooler that lends a server process for one transaction stands in between."""
    if not is_there():
        pytest.skip(NONE)
    with poolers(urlsplit(url).port or 0) as start:
        yield start(url, "transaction")


SCENES: dict[str, Scene] = {
    "25006": prepared(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', "
        "current_database()); END $$"
    ),
    "28000": guarded("reject"),
    "28P01": guarded("scram-sha-256"),
    "3D000": elsewhere,
    "40P01": embraced,
    "42501": prepared(
        "CREATE TABLE users (id TEXT PRIMARY KEY); CREATE ROLE clerk LOGIN; GRANT CREATE ON SCHEMA public TO clerk",
        "clerk",
    ),
    "53300": prepared("CREATE ROLE clerk LOGIN CONNECTION LIMIT 0", "clerk"),
    "55P03": locked,
    "G013": migrated({"20260301090000_books.sql": BOOKS}),
    "G021": nobody,
    "G031": run_by_another,
    "G032": migrated({"00001_books.sql": BOOKS}),
    "G033": killed,
    "G034": lent,
    "tls": encrypted,
}
"""Page to its scene: a context manager from the URL of a fresh database to the one to be used."""
