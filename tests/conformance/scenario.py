"""Scenarios: a working folder, steps that call a program in it, and what is kept of each call."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.conformance.databases import ENGINES, NoDatabase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.plugins.postgres import PostgresServer

SCENARIOS = Path(__file__).parent / "scenarios"
NOT_COPIED = shutil.ignore_patterns("scenario.toml", "expected.json", "setup.sql")
STEP_SECONDS = 60

_STAMP = re.compile(r"(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ")
_DURATION = r"(?:0s|[1-9]\d{0,2}(?:\.\d{1,2})?(?:ns|µs|ms|s)|(?:\d+h)?\d+m\d+(?:\.\d+)?s)"
_RUN = re.compile(rf"(?m)^(<LOG> (?:OK  |EMPTY) .*) \({_DURATION}\)$")
_NOW = re.compile(r"(?<!\d)\d{14}(?!\d)")


def process_environment() -> dict[str, str]:
    """The environment of a step: nothing of the caller's that goose, libpq or a locale would read."""
    dropped = ("GOOSE_", "PG", "NO_COLOR", "TZ", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {"TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PGPASSFILE": "/dev/null"}


class Scenario:
    """One folder of scenarios, played with one program in a working folder of its own."""

    def __init__(self, folder: Path, base: Path, server: PostgresServer | None) -> None:
        self.folder = folder
        self.spec: dict[str, Any] = tomllib.loads((folder / "scenario.toml").read_text())
        self.work = base / "w"
        self.server = server
        shutil.copytree(folder, self.work, ignore=NOT_COPIED)
        if self.spec.get("make_dir", True):
            (self.work / "migrations").mkdir(exist_ok=True)
        engine = ENGINES[self.spec.get("engine", "postgres")]
        self.database: NoDatabase = engine(server, f"scenario_{os.getpid()}_{folder.name[:40]}", self.work)

    def play(self, program: Sequence[str]) -> list[dict[str, Any]]:
        """Run all steps; what is kept of each has the shape of expected.json."""
        try:
            if (self.folder / "setup.sql").exists():
                self.database.script((self.folder / "setup.sql").read_text())
            return [self._step(step, program) for step in self.spec["step"]]
        finally:
            self.database.close()

    def _step(self, step: dict[str, Any], program: Sequence[str]) -> dict[str, Any]:
        self._prepare(step)
        environment = process_environment() | {
            name: self._filled(value)
            for name, value in {**self.spec.get("env", {}), **step.get("env", {})}.items()
        }
        done = subprocess.run(
            [*program, *map(self._filled, step["args"])],
            cwd=self.work / step.get("cwd", "."),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=STEP_SECONDS,
        )
        table = step.get("table", self.spec.get("table", "goose_db_version"))
        versions, times = self.database.versions(table)
        masks = self.spec.get("mask", []) + step.get("mask", [])
        kept: dict[str, Any] = {"args": step["args"], "rc": done.returncode}
        for name, data in (("stdout", done.stdout), ("stderr", done.stderr)):
            text = self._normal(data.decode("utf-8", "replace"), times)
            for pattern, replacement in masks:
                text = re.sub(pattern, replacement, text)
            kept[name] = text.split("\n")
        if self.database.tables:
            kept["versions"] = versions
            kept["schema"] = sorted(self._normal(line) for line in self.database.schema())
        if step.get("files", self.spec.get("files", False)):
            kept["files"] = self._listing()
        if "query" in step:
            kept["query"] = [self.database.query(query) for query in step["query"]]
        return kept

    def _prepare(self, step: dict[str, Any]) -> None:
        for name in step.get("remove", []):
            (self.work / name).unlink()
        for old, new in step.get("rename", {}).items():
            (self.work / old).rename(self.work / new)
        for name, text in step.get("write", {}).items():
            (self.work / name).parent.mkdir(parents=True, exist_ok=True)
            (self.work / name).write_bytes(self._filled(text).encode())
        for name, (head, unit, times, tail) in step.get("write_long", {}).items():
            (self.work / name).write_text(head + unit * times + tail)
        if "sql" in step:
            self.database.script(self._filled(step["sql"]))

    def _filled(self, text: str) -> str:
        values = {
            "db": self.database.dsn, "dbname": self.database.name, "dir": "migrations",
            "absdir": str(self.work / "migrations"), "work": str(self.work), "host": "127.0.0.1", "user": "postgres",
            "port": str(self.database.port or ""),
        }  # fmt: skip
        return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)

    def _normal(self, text: str, times: Sequence[str] = ()) -> str:
        text = text.replace(str(self.work), "<WORK>")
        text = self.database.normal(text)
        text = _RUN.sub(r"\1 (<DURATION>)", _STAMP.sub("<LOG> ", text))
        for time in times:
            text = text.replace(time, "<TSTAMP>")
        return _NOW.sub(_fresh, text)

    def _listing(self) -> dict[str, list[str]]:
        found = {}
        for path in sorted(path for path in self.work.rglob("*") if path.is_file()):
            name = str(path.relative_to(self.work))
            if not name.startswith("app.db"):
                text = path.read_bytes().decode("utf-8", "replace")
                found[self._normal(name)] = self._normal(text).split("\n")
        return found


def _fresh(found: re.Match[str]) -> str:
    """A time stamp of 14 digits that is about now."""
    try:
        at = datetime.datetime.strptime(found[0], "%Y%m%d%H%M%S").replace(tzinfo=datetime.UTC)
    except ValueError:
        return found[0]
    near = abs((datetime.datetime.now(datetime.UTC) - at).total_seconds()) < 300
    return "<NOW14>" if near else found[0]
