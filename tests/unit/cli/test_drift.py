from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.operations import schema_diff

if TYPE_CHECKING:
    from greylag.operations.scratch import Workshop
    from tests.unit.cli.conftest import Here


@pytest.fixture
def applied(there: Here, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setattr(schema_diff, "workshop_of", lambda _: workshop)
    there.write(1)
    assert there.greylag("up").code == 0
    return there


def by_hand(database: str, statement: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


def test_nothing_drifted(applied: Here) -> None:
    applied.write(2)
    answer = applied.greylag("drift", "--jobs", "1")
    assert answer.code == 0
    assert answer.lines[1] == "  as its migrations make it (1 pending, not counted)"


def test_drift_is_told_and_is_1(applied: Here, database: str) -> None:
    by_hand(database, "ALTER TABLE t1 ADD COLUMN by_hand text")
    answer = applied.greylag("drift")
    assert answer.code == 1
    assert answer.lines[1:] == [
        "    table t1",
        "    + column by_hand  text",
        "  drifted: 1 difference: 1 extra",
        "  - the migrations make it, + the database has it",
    ]


def test_json(applied: Here, database: str) -> None:
    by_hand(database, "DROP TABLE t1")
    answer = applied.greylag("drift", "--json")
    assert answer.code == 1
    (facts,) = answer.json()
    assert (facts["drifted"], facts["pending"], facts["without_file"], facts["error"]) == (True, 0, [], None)
    assert [each["what"] for each in facts["differences"]] == ["missing"]


def test_a_version_without_a_file(applied: Here) -> None:
    (applied.base / "migrations" / "00001_t.sql").rename(applied.base / "migrations" / "00002_t.sql")
    answer = applied.greylag("drift")
    assert answer.code == 1
    assert "cannot be judged: applied here, and no file for it: 1" in answer.out


def test_an_unreachable_database(applied: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/x?sslmode=disable")
    answer = applied.greylag("drift")
    assert answer.code == 1
    assert "cannot be judged" in answer.out and "Traceback" not in answer.out + answer.err
