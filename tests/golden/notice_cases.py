"""Golden notices of careful runs, each from a real run. ``python -m tests.golden.notice_cases`` accepts."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from greylag.cli.progress import notice_facts
from greylag.databases.postgres.careful.lock import LOCK_ID
from greylag.databases.postgres.careful.opening import utc
from greylag.errors import ApplyError
from greylag.model.event import Notice
from greylag.operations import careful
from greylag.operations.connect import connect
from greylag.operations.manners import manners_of
from greylag.operations.options import Care, RunOptions
from tests.plugins.postgres import new_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.model.event import Progress

FOLDER = Path(__file__).parent / "notices"
TARGET = "shop@prod"
APART = "-- +goose NO TRANSACTION\n"
DOUBLE = "CREATE UNIQUE INDEX CONCURRENTLY users_name ON users (name)"
USERS = "CREATE TABLE users (name text); INSERT INTO users VALUES ('ana'), ('ana')"


class Shop:
    """A database and a folder; runs tell it what they notice, and ``then`` is called when they do."""

    def __init__(self, url: str, base: Path) -> None:
        self.url, self.base = url, base
        self.heard: list[Notice] = []
        self.then: Callable[[], object] = lambda: None
        self.other = psycopg.connect(url)

    def tell(self, news: Notice | Progress) -> None:
        if isinstance(news, Notice):
            self.heard.append(news)
            self.then()

    def write(self, version: int, up: str, down: str = "SELECT 1", head: str = "") -> Path:
        path = self.base / f"{version:05d}_step.sql"
        path.write_text(f"{head}-- +goose Up\n{up};\n-- +goose Down\n{down};\n")
        return path

    def run(self, verb: str = "up") -> None:
        manners = manners_of(None, verb, {"USER": "ana"}, lock_timeout=0.2)
        options = RunOptions(care=Care(manners, self.tell))
        session = connect("postgres", self.url, "goose_db_version")
        try:
            if verb == "up":
                list(careful.up(session, str(self.base), options))
            else:
                list(careful.back(session, str(self.base), options, verb=verb))
        finally:
            session.close()

    def fail(self) -> None:
        """A run that breaks off. What it says does not count."""
        try:
            self.run()
        except ApplyError:
            self.heard.clear()
            return
        raise AssertionError("was meant to fail")

    def ask(self, query: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(query)


def waiting(shop: Shop) -> None:
    """Another runner has the lock, until it is named."""
    shop.write(1, "SELECT 1")
    shop.other.execute(f"SELECT pg_advisory_lock({LOCK_ID})")
    shop.then = shop.other.close
    shop.run()


def retry(shop: Shop) -> None:
    """A lock that is not to be had, until the first try is given up."""
    shop.ask(USERS)
    shop.write(1, "ALTER TABLE users ADD COLUMN email text")
    shop.other.execute("SELECT FROM users")
    shop.then = lambda: shop.other.close() if shop.heard[-1].kind == "retry" else None
    shop.run()


def resumed(shop: Shop) -> None:
    """A file that stopped at its second statement."""
    path = shop.write(1, "CREATE TABLE a ();\nCREATE TABLE a ()", head=APART)
    shop.fail()
    path.write_text(path.read_text().replace("a ();\n--", "b ();\n--"))
    shop.run()


def healed(shop: Shop) -> None:
    """An index that two equal rows have left invalid."""
    shop.ask(USERS)
    shop.write(1, DOUBLE, head=APART)
    shop.fail()
    shop.ask("TRUNCATE users")
    shop.run()


def orphan(shop: Shop) -> None:
    """The journal says that the process of the run that broke off is one that is still there."""
    path = shop.write(1, "CREATE TABLE a ();\nCREATE TABLE a ()", head=APART)
    shop.fail()
    path.write_text(path.read_text().replace("a ();\n--", "b ();\n--"))
    shop.ask(
        f"UPDATE greylag.journal SET backend_pid = a.pid, backend_since = {utc('a.backend_start')} "
        f"FROM pg_stat_activity a WHERE a.pid = {shop.other.info.backend_pid}"
    )
    shop.then = shop.other.close
    shop.run()


def adopted(shop: Shop) -> None:
    """Versions that goose has applied."""
    shop.write(1, "SELECT 1")
    shop.run()
    shop.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (2, true), (3, true)")
    shop.write(2, "SELECT 2")
    shop.write(3, "SELECT 3")
    shop.run()


def ahead(shop: Shop) -> None:
    """The newest file is not here any more."""
    shop.write(1, "SELECT 1")
    path = shop.write(2, "SELECT 2")
    shop.run()
    path.unlink()
    shop.run()


def from_journal(shop: Shop) -> None:
    """The same on the way back."""
    shop.write(1, "SELECT 1")
    path = shop.write(2, "SELECT 2")
    shop.run()
    path.unlink()
    shop.run("down")


def unchecked(shop: Shop) -> None:
    """A constraint that no file has validated."""
    shop.ask(USERS)
    shop.write(1, "ALTER TABLE users ADD CONSTRAINT named CHECK (name <> '') NOT VALID")
    shop.run()


CASES = {
    "waiting": waiting,
    "retry": retry,
    "resumed": resumed,
    "healed": healed,
    "orphan": orphan,
    "adopted": adopted,
    "ahead": ahead,
    "from-journal": from_journal,
    "unchecked": unchecked,
}

_VARYING = (
    (re.compile(r"(\bpid |pg_terminate_backend\()\d+"), r"\g<1>4711"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "2026-01-02 03:04:05"),
    (re.compile(r"tried again in [\d.]+ s"), "tried again in 0.4 s"),
    (re.compile(r"[^\s\"]*/(?=\d{5}_step)"), "migrations/"),
)
_FIXED = {"pid": 4711, "waited_seconds": 1.0, "pause_seconds": 0.4}


def text(name: str, url: str, base: Path) -> str:
    """The notice as ``--json`` shows it, set so that a difference can be read."""
    shop = Shop(url, base)
    try:
        CASES[name](shop)
    finally:
        shop.other.close()
    (notice,) = [heard for heard in shop.heard if heard.kind == name][:1]
    facts = notice_facts(notice, TARGET)
    return json.dumps(_settled(facts), indent=1, ensure_ascii=False) + "\n"


def _settled(facts: dict[str, object]) -> dict[str, Any]:
    return {key: _FIXED.get(key, _fixed(value)) for key, value in facts.items()}


def _fixed(value: object) -> object:
    if not isinstance(value, str):
        return value
    for pattern, fixed in _VARYING:
        value = pattern.sub(fixed, value)
    return value


def main() -> None:
    server = new_server()
    try:
        for name in CASES:
            database = name.replace("-", "_")
            with psycopg.connect(server.url(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {database}")
            with tempfile.TemporaryDirectory() as base:
                (FOLDER / f"{name}.json").write_text(text(name, server.url(database), Path(base)), "utf-8")
    finally:
        server.stop()
        shutil.rmtree(server.base, ignore_errors=True)


if __name__ == "__main__":
    main()
