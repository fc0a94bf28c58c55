"""A day's work with greylag on PostgreSQL, typed as a person does, from init to reset."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.plugins.embedded import SECONDS, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = [sys.executable, "-c", "from greylag.cli.main import main; main()"]
TARGET = "auth-service@dev"
ASLEEP = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
TABLE = "-- +goose Up\nCREATE TABLE {0} (id int);\n-- +goose Down\nDROP TABLE {0};\n"


class Desk:
    """A repository with one service and its database in the environment dev."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.migrations = folder / "services/auth-service/migrations"
        self.migrations.mkdir(parents=True)
        self.environ = {
            **os.environ,
            "AUTH_SERVICE_DEV_URL": url,
            "XDG_DATA_HOME": str(folder / "xdg"),
            "GIT_CEILING_DIRECTORIES": str(folder.parent),
        }

    def greylag(self, *words: str, code: int = 0) -> tuple[list[str], str]:
        """Lines of stdout, and stderr, of a command that ends with ``code``."""
        done = subprocess.run(
            [*PROGRAM, *words],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.environ,
            timeout=SECONDS,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout.splitlines(), done.stderr

    def ask(self, query: str) -> Any:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def tables(self) -> list[str]:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'goose%' ORDER BY 1"
        return [name for (name,) in self.ask(query)]


@pytest.fixture
def desk(tmp_path: Path, database: str) -> Iterator[Desk]:
    desk = Desk(tmp_path, database)
    (desk.migrations / "20240101000000_users.sql").write_text(TABLE.format("users"))
    desk.greylag("init")
    name = database.rpartition("/")[2].partition("?")[0]
    with (tmp_path / "greylag.toml").open("a") as config:
        config.write(f'\n[environments.dev]\ndatabase = {{ postgres = "{name}" }}\n')
    yield desk
    assert not (tmp_path / "xdg").exists(), "no embedded server was asked for"


def test_a_days_work(desk: Desk) -> None:
    ((path,), _) = desk.greylag("new", "add devices", "auth-service")
    assert re.fullmatch(r"services/auth-service/migrations/\d{14}_add_devices\.sql", path)
    (desk.folder / path).write_text(TABLE.format("devices"))
    version = os.path.basename(path).partition("_")[0]

    lines, _ = desk.greylag("plan", TARGET, "--sql")
    assert (
        lines[0].startswith("auth-service@dev: PostgreSQL 16.") and "(from AUTH_SERVICE_DEV_URL)" in lines[0]
    )
    assert "       CREATE TABLE devices (id int);" in lines
    desk.greylag("status", TARGET)
    desk.greylag("version", TARGET)
    desk.greylag("up", TARGET, "--dry-run")
    assert desk.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)], "nothing written"

    desk.greylag("status", TARGET, "--check", code=1)
    lines, _ = desk.greylag("up", TARGET)
    assert lines[-1] == f"  now at version {version}" and desk.tables() == ["devices", "users"]
    desk.greylag("status", TARGET, "--check")

    lines, _ = desk.greylag("redo", TARGET)
    assert [line.split()[0] for line in lines[1:]] == ["OK", "OK", "now"]
    lines, _ = desk.greylag("down", TARGET)
    assert lines[-1] == "  now at version 20240101000000" and desk.tables() == ["users"]
    lines, _ = desk.greylag("up-by-one", TARGET, "--json")
    assert [json.loads(line)["event"] for line in lines] == ["connected", "ran", "reached"]
    lines, _ = desk.greylag("reset", TARGET)
    assert lines[-1] == "  now at version 0" and desk.tables() == []


def test_a_mistake_and_its_repair(desk: Desk) -> None:
    desk.greylag("up", TARGET)
    bad = desk.migrations / "20240201000000_bad.sql"
    bad.write_text("-- +goose Up\nCREATE TABLE a (id int);\nALTER TABLE users\n\tADD COLUMN x nosuchtype;\n")
    _, stderr = desk.greylag("up", TARGET, code=1)
    assert stderr.splitlines() == [
        'error: 20240201000000_bad.sql failed: type "nosuchtype" does not exist',
        "  --> services/auth-service/migrations/20240201000000_bad.sql:4:15",
        "   4 |  ADD COLUMN x nosuchtype;",
        "     |               ^",
        "  SQLSTATE: 42704",
        (
            "  now: 20240201000000_bad.sql ran in one transaction, which was rolled back: nothing of it remains; "
            "the database is at version 20240101000000"
        ),
        (
            "  next: There is no such object. It may be spelt otherwise, be in another schema, or be made by a "
            "file with a higher version; a type may come with an extension"
        ),
        "        then run the same command again",
        "  see: greylag explain 42704",
    ]
    lines, _ = desk.greylag("up", TARGET, "--json", code=1)
    error = json.loads(lines[-1])["error"]
    assert (error["sqlstate"], error["line"], error["column"]) == ("42704", 4, 15)
    bad.write_text(bad.read_text().replace("nosuchtype", "text"))
    desk.greylag("up", TARGET)
    assert desk.tables() == ["a", "users"]


def test_ctrl_c_stops_the_statement_and_says_what_stands(desk: Desk) -> None:
    sleeper = desk.migrations / "20240201000000_sleep.sql"
    for head, told in (
        ("", "was stopped and rolled back"),
        ("-- +goose NO TRANSACTION\n", "its version is not recorded"),
    ):
        sleeper.write_text(
            f"{head}-- +goose Up\nCREATE TABLE IF NOT EXISTS a (id int);\nSELECT pg_sleep(600);\n"
        )
        process = subprocess.Popen(
            [*PROGRAM, "up", TARGET],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=desk.folder, env=desk.environ,
        )  # fmt: skip
        wait_until(lambda: desk.ask(ASLEEP))
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=SECONDS)
        assert process.returncode == 130 and told in stderr, stderr
        wait_until(lambda: not desk.ask(ASLEEP))
        assert desk.tables() == (["a", "users"] if head else ["users"])


def test_new_by_several_at_once_never_collides(desk: Desk) -> None:
    makers = [
        subprocess.Popen(
            [*PROGRAM, "new", f"n{number}", "auth-service"],
            stdout=subprocess.DEVNULL,
            cwd=desk.folder,
            env=desk.environ,
        )
        for number in range(3)
    ]
    assert [maker.wait(SECONDS) for maker in makers] == [0, 0, 0]
    made = {path.name.partition("_")[0] for path in desk.migrations.glob("*_n*.sql")}
    assert len(made) == 3
    assert desk.greylag("validate")[0][-1] == "4 sound, 0 faults"


def test_a_plain_folder_says_that_the_address_is_from_env_file(tmp_path: Path, database: str) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/1_a.sql").write_text(TABLE.format("a"))
    (tmp_path / ".env").write_text(f"DATABASE_URL={database}\n")
    done = subprocess.run([*PROGRAM, "up"], capture_output=True, text=True, cwd=tmp_path, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].endswith(" as postgres (from DATABASE_URL in .env)")
