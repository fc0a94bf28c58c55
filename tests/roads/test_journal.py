"""A killed run, what the journal knows of it, and a person's word; then an old database that is adopted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.plugins.embedded import SECONDS, wait_until

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = [sys.executable, "-m", "greylag"]
TABLE = "-- +goose Up\nCREATE TABLE {0} (id int);\n-- +goose Down\nDROP TABLE {0};\n"
SLOW = """-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE slow (id int);
-- +goose StatementBegin
DO $$ BEGIN
  INSERT INTO slow VALUES (1);
  COMMIT;
  PERFORM pg_sleep(3600);
END $$;
-- +goose StatementEnd
INSERT INTO slow VALUES (2);
-- +goose Down
DROP TABLE slow;
"""
ASLEEP = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"


class Desk:
    """A folder of migrations, a database, and greylag as a process."""

    def __init__(self, base: Path, url: str) -> None:
        self.base, self.url = base, url
        self.migrations = base / "migrations"
        self.migrations.mkdir()
        self.environ = {**os.environ, "DATABASE_URL": url, "XDG_CACHE_HOME": str(base / "cache")}

    def write(self, name: str, text: str) -> Path:
        path = self.migrations / name
        path.write_text(text)
        return path

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*PROGRAM, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.base,
            env=self.environ,
        )

    def greylag(self, *words: str, code: int = 0) -> tuple[list[str], str]:
        """Lines of stdout, and stderr, of a command that ends with ``code``."""
        process = self.start(*words)
        out, err = process.communicate(timeout=SECONDS)
        assert process.returncode == code, out + err
        assert "Traceback" not in err
        return out.splitlines(), err

    def ask(self, query: str) -> Any:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def desk(tmp_path: Path, database: str) -> Desk:
    return Desk(tmp_path, database)


def test_a_run_that_was_killed_goes_on_by_a_persons_word(desk: Desk) -> None:
    desk.write("00001_users.sql", TABLE.format("users"))
    slow = desk.write("00002_slow.sql", SLOW)
    run = desk.start("up")
    wait_until(lambda: desk.ask(ASLEEP), "for the statement to sleep")
    run.send_signal(signal.SIGKILL)
    run.communicate()
    _, err = desk.greylag("up", code=1)
    assert "cannot tell whether that statement took effect" in err and "greylag resolve 2 --resume" in err
    lines, _ = desk.greylag("status")
    assert "stopped at statement 2 of 3: greylag up looks whether it took effect" in lines[-1]
    lines, _ = desk.greylag("resolve", "2")
    assert lines[3].startswith("      2. in doubt  DO $$ BEGIN INSERT INTO slow")
    desk.greylag("resolve", "2", "--resume", "--dsn", desk.url, "--dir", "migrations", "--yes")
    lines, _ = desk.greylag("plan")
    assert "goes on at statement 3 of 3; statements 1 to 2 are done" in lines[2]
    desk.greylag("up")
    assert desk.ask("SELECT id FROM slow ORDER BY id") == [(1,), (2,)]
    lines, _ = desk.greylag("history", "--json")
    (facts,) = json.loads(lines[0])
    newest, decided = facts["entries"][:2]
    assert (newest["version"], newest["state"], newest["statement"]) == (2, "done", None)
    assert (decided["state"], decided["statement"]) == ("resolved", 3)
    text = slow.read_text()
    slow.unlink()
    lines, _ = desk.greylag("history", "--text", "2")
    assert "\n".join(lines) + "\n" == text


def test_an_old_database_is_adopted(desk: Desk) -> None:
    for number, name in enumerate(("users", "orders", "prices"), 1):
        desk.write(f"{number:05d}_{name}.sql", TABLE.format(name))
    desk.ask("CREATE TABLE users (id int); CREATE TABLE orders (id int)")
    _, err = desk.greylag("up", code=1)
    assert 'relation "users" already exists' in err
    desk.greylag("baseline", "2", "--dry-run")
    desk.greylag("baseline", "2")
    lines, _ = desk.greylag("up")
    assert lines[-1] == "  now at version 3"
    _, err = desk.greylag("goose", "-dir", "migrations", "postgres", desk.url, "version")
    assert "goose: version 3" in err
    _, err = desk.greylag("baseline", "3", code=0)
    _, err = desk.greylag("baseline", "2", code=1)
    assert "records 3 versions" in err
