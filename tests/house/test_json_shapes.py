"""The documents of ``--json`` have the fields that docs/reference/json.md promises, seen on SQLite."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "json.md").read_text("utf-8")
PLACE = ("--dir", "m", "--dsn", "sqlite:shop.db", "--json")
SERVER = ["engine", "version", "host", "port", "database", "role"]
ERROR = ["code", "message", "hint"]
EVENTS = {
    "connected": ["event", "target", "source", *SERVER],
    "ran": ["event", "target", "version", "file", "direction", "statements", "took_seconds"],
    "nothing": ["event", "target", "version"],
    "reached": ["event", "target", "version"],
    "schema": ["event", "target", "file", "state"],
    "failed": ["event", "target", "error"],
}
FINDING = ["rule", "severity", "message", "hint", "file", "line", "column"]
STATUS = ["target", "source", "server", "version", "tracked", "pending", "migrations", "without_file",
          "ahead", "unfinished", "journal_readable"]  # fmt: skip
PLAN = ["target", "verb", "server", "version", "makes_version_table", "steps"]
STEP = ["version", "file", "direction", "transactional", "from_journal", "resume", "statements", "locks"]
DOCTOR = ["target", "source", "server", "bad", "checks", "repaired"]
CHECK = ["check", "level", "text", "next", "repair"]


class Folder:
    """A folder of migrations, and greylag run in it."""

    def __init__(self, base: Path) -> None:
        self.base = base
        (base / "m").mkdir()
        self.write("00001_a.sql", "CREATE TABLE a (id INTEGER);", "DROP TABLE a;")
        self.write("00002_b.sql", "CREATE TABLE b (id INTEGER);", "DROP TABLE b;")

    def write(self, name: str, up: str, down: str) -> None:
        text = f"-- +goose Up\n{up}\n-- +goose Down\n{down}\n"
        (self.base / "m" / name).write_text(text)

    def lines(self, *words: str, code: int = 0) -> list[Any]:
        program = [sys.executable, "-m", "greylag", *words]
        answer = subprocess.run(program, cwd=self.base, capture_output=True, text=True)
        assert answer.returncode == code, answer.stderr
        return [json.loads(line) for line in answer.stdout.splitlines()]

    def document(self, *words: str, code: int = 0) -> Any:
        (found,) = self.lines(*words, code=code)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def check_events(lines: list[dict[str, Any]], *names: str) -> None:
    assert [line["event"] for line in lines] == list(names)
    for line in lines:
        assert list(line) == EVENTS[line["event"]]


def test_events(folder: Folder) -> None:
    check_events(folder.lines("up", *PLACE), "connected", "ran", "ran", "reached")
    check_events(folder.lines("up", *PLACE), "connected", "nothing")
    check_events(folder.lines("up-by-one", *PLACE, code=1), "connected", "nothing", "failed")
    check_events(folder.lines("down", *PLACE), "connected", "ran", "reached")
    check_events(folder.lines("redo", *PLACE), "connected", "ran", "ran", "reached")
    check_events(folder.lines("reset", *PLACE), "connected", "ran", "reached")


def test_a_failure(folder: Folder) -> None:
    folder.write("00003_c.sql", "CREATE TABLE b (id INTEGER);", "SELECT 1;")
    lines = folder.lines("up", *PLACE, code=1)
    check_events(lines, "connected", "ran", "ran", "failed")
    assert list(lines[-1]["error"]) == [*ERROR, "file", "stage", "sqlstate", "line", "column"]
    assert lines[-1]["error"]["line"] == 2


def test_plan(folder: Folder) -> None:
    (found,) = folder.document("plan", *PLACE)
    assert list(found) == PLAN
    assert list(found["server"]) == SERVER
    assert list(found["steps"][0]) == STEP
    assert folder.document("up", "--dry-run", *PLACE) == [found]


def test_status(folder: Folder) -> None:
    folder.lines("up-by-one", *PLACE)
    (found,) = folder.document("status", *PLACE)
    assert list(found) == STATUS
    assert list(found["server"]) == SERVER
    assert [list(each) for each in found["migrations"]] == [
        ["version", "file", "state", "applied_at", "edited"]
    ] * 2
    assert [each["state"] for each in found["migrations"]] == ["applied", "pending"]
    assert found["migrations"][1]["applied_at"] is None


def test_version(folder: Folder) -> None:
    (found,) = folder.document("version", *PLACE)
    assert list(found) == ["target", "version", "server"]
    assert list(found["server"]) == SERVER


def test_new_and_init(folder: Folder) -> None:
    found = folder.document("new", "more", "--dir", "m", "--json")
    file = {"file": "m/00003_more.sql", "version": 3}
    assert found == {**file, "files": [file]}
    init = folder.document("init", "--check", "--json", code=1)
    assert list(init) == ["config", "databases", "added", "written"]


def test_validate(folder: Folder) -> None:
    (folder.base / "m" / "00003_c.sql").write_text("oops\n")
    folder.write("00004_d.sql", "VACUUM;", "")
    found = folder.document("validate", "--dir", "m", "--json", code=1)
    assert list(found) == ["files", "faults", "findings"]
    assert [list(each) for each in found["findings"]] == [FINDING]
    assert [list(each) for each in found["files"]] == [["path", "transactional", "up", "down"]] * 3
    assert [list(each) for each in found["faults"]] == [[*ERROR, "file", "line", "column"]]


def test_doctor(folder: Folder) -> None:
    folder.lines("up", *PLACE)
    (found,) = folder.document("doctor", *PLACE)
    assert list(found) == DOCTOR
    assert list(found["server"]) == SERVER
    assert [list(each) for each in found["checks"]] == [CHECK] * len(found["checks"])
    assert {"files", "file", "version-table", "orphans"} <= {each["check"] for each in found["checks"]}


def test_the_page_names_every_field() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    fields = {
        *SERVER,
        *ERROR,
        *STATUS,
        *PLAN,
        *DOCTOR,
        *CHECK,
        *FINDING,
        *EVENTS,
        *(field for keys in EVENTS.values() for field in keys),
    }
    assert sorted(fields - named) == []
