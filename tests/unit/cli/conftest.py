"""A plain folder of migrations with a SQLite database, and greylag's verbs on it in this process."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from greylag.cli.guard import outcome
from greylag.cli.main import greylag_command

if TYPE_CHECKING:
    from pathlib import Path


class Answer:
    """What a command left behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def json(self) -> Any:
        """The one document of a verb that prints one."""
        (line,) = self.lines
        return json.loads(line)

    def events(self) -> list[Any]:
        return [json.loads(line) for line in self.lines]


class Here:
    """The working folder of a test."""

    def __init__(self, base: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.base = base
        self.capfd = capfd

    def greylag(self, *words: str) -> Answer:
        self.capfd.readouterr()
        code = outcome(lambda: greylag_command.main(list(words), prog_name="greylag", standalone_mode=False))
        return Answer(code, *self.capfd.readouterr())

    def write(self, version: int, up: str = "", down: str = "", head: str = "") -> str:
        """A migration that makes the table ``t<version>``, or does what ``up`` says; its path."""
        up, down = up or f"CREATE TABLE t{version} (id int);", down or f"DROP TABLE t{version};"
        path = f"migrations/{version:05d}_t.sql"
        text = f"{head}-- +goose Up\n{up}\n-- +goose Down\n{down}\n"
        (self.base / path).write_text(text, encoding="utf-8")
        return path

    def workspace(self) -> None:
        """Two services in two environments, on SQLite; ``two`` is protected in prod."""
        (self.base / "greylag.toml").write_text(
            "[environments.dev]\n[environments.prod]\nprotected = true\n"
            '[services.one.databases.one]\nengine = "sqlite"\n[services.two.databases.two]\nengine = "sqlite"\n'
        )
        for service in ("one", "two"):
            folder = self.base / "services" / service / "migrations"
            folder.mkdir(parents=True)
            (folder / "00001_t.sql").write_text(
                "-- +goose Up\nCREATE TABLE t (id int);\n-- +goose Down\nDROP TABLE t;\n"
            )

    def tables(self) -> list[str]:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 't_' ORDER BY 1"
        with closing(sqlite3.connect(self.base / "x.db")) as connection:
            return [name for (name,) in connection.execute(query)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Here:
    (tmp_path / "migrations").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:x.db")
    return Here(tmp_path, capfd)


@pytest.fixture
def there(here: Here, monkeypatch: pytest.MonkeyPatch, database: str) -> Here:
    """The same with a PostgreSQL database of its own."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("USER", "ana")
    for name in ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "LOGNAME"):
        monkeypatch.delenv(name, raising=False)
    return here
