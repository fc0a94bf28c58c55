from __future__ import annotations

import json
from typing import TYPE_CHECKING

from greylag.cli.render import event_facts, event_line, header, out, out_json, server_facts, table
from greylag.model.event import Nothing, Ran, Reached
from greylag.model.migration import Migration
from greylag.model.server import Server

if TYPE_CHECKING:
    import pytest

FILE = Migration(7, "m/7_a.sql")


def ran(direction: str = "up", statements: int = 2) -> Ran:
    return Ran(migration=FILE, direction=direction, statements=statements, took_ns=1_500_000)  # type: ignore[arg-type]


def server(host: str, engine: str = "postgres") -> Server:
    return Server(engine=engine, version="16.1", host=host, port=5432, database="d", role="ann")


def test_the_first_line_names_server_database_and_role() -> None:
    assert header("a@dev", "X_URL", server("h")) == (
        "a@dev: PostgreSQL 16.1 at h:5432, database d as ann (from X_URL)"
    )
    assert " at /run/pg, database" in header("a@dev", "X_URL", server("/run/pg"))
    assert header("a", "--dsn", server("", "sqlite")) == "a: SQLite 16.1 d (from --dsn)"
    assert server_facts(server("h"))["role"] == "ann"


def test_lines_of_a_run() -> None:
    assert event_line(ran()) == "  OK    7_a.sql (1.5ms)"
    assert event_line(ran("down")) == "  OK    7_a.sql back (1.5ms)"
    assert event_line(ran(statements=0)) == "  EMPTY 7_a.sql (1.5ms)"
    assert event_line(Nothing(3)) == "  nothing to run, at version 3"
    assert event_line(Reached(3)) == "  now at version 3"


def test_the_same_for_programs() -> None:
    assert event_facts(ran(), "t") == {
        "event": "ran",
        "target": "t",
        "version": 7,
        "file": "m/7_a.sql",
        "direction": "up",
        "statements": 2,
        "took_seconds": 0.0015,
    }
    assert event_facts(Nothing(3), "t") == {"event": "nothing", "target": "t", "version": 3}
    assert event_facts(Reached(3), "t") == {"event": "reached", "target": "t", "version": 3}


def test_columns_line_up_with_colour_or_without() -> None:
    rows = [["\033[32mab\033[0m", "x"], ["abcdef", ""]]
    assert table(["one", "two"], rows) == ["one     two", "\033[32mab\033[0m      x", "abcdef"]


def test_one_json_value_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    out_json({"a": "ä\n", "b": FILE.path})
    out("x")
    first, second = capsys.readouterr().out.splitlines()
    assert json.loads(first) == {"a": "ä\n", "b": "m/7_a.sql"} and "ä" in first and second == "x"
