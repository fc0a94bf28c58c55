from __future__ import annotations

import pytest

from greylag.cli.changes import change_facts, change_lines, summary
from greylag.model.change import Change

BIO = Change("column", "users.bio", "comment", "shown", "", "users")


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ([BIO], ["  table users", "  ~ column bio comment: shown → (none)"]),
        (
            [Change("table", "users", "missing", "(id, name)", "", "users")],
            ["- table users  (id, name)"],
        ),
        ([Change("view", "v", "extra", "", "(id)", "v")], ["+ view v  (id)"]),
        (
            [Change("table", "users", "owner", "a", "b", "users"), BIO],
            ["  table users", "  ~ owner: a → b", "  ~ column bio comment: shown → (none)"],
        ),
        (
            [Change("index", "jobs_idx", "missing", "CREATE INDEX jobs_idx", "", "jobs")],
            ["  table jobs", "  - index jobs_idx  CREATE INDEX jobs_idx"],
        ),
        ([Change("type", "state", "values", "a, b", "b, a")], ["  type state", "  ~ values: a, b → b, a"]),
        (
            [Change("constraint", "a.c", "definition", "x" * 61, "y" * 61, "a")],
            ["  table a", "  ~ constraint c definition:", "      - " + "x" * 61, "      + " + "y" * 61],
        ),
        (
            [Change("function", "f()", "definition", "one\ntwo\n", "one\nthree\n")],
            [
                "  function f()",
                "  ~ definition:",
                "      @@ -1,2 +1,2 @@",
                "       one",
                "      -two",
                "      +three",
            ],
        ),
    ],
)
def test_lines(changes: list[Change], lines: list[str]) -> None:
    assert list(change_lines(changes)) == lines


def test_columns_that_only_made_room_are_not_told() -> None:
    changes = [
        Change("column", "t.a", "missing", "text", "", "t"),
        Change("column", "t.b", "position", "2", "1", "t"),
    ]
    assert list(change_lines(changes)) == ["  table t", "  - column a  text"]
    alone = [Change("column", "t.b", "position", "2", "1", "t")]
    assert list(change_lines(alone)) == ["  table t", "  ~ column b position: 2 → 1"]


def test_a_summary_counts() -> None:
    assert summary([]) == "no differences"
    assert summary([BIO]) == "1 difference: 1 changed"
    extra = Change("table", "t", "extra")
    assert summary([BIO, extra, extra._replace(what="missing")]) == (
        "3 differences: 1 missing, 1 extra, 1 changed"
    )


def test_json_has_every_fact() -> None:
    assert change_facts(BIO) == {
        "kind": "column", "name": "users.bio", "what": "comment", "before": "shown", "after": "", "table": "users",
    }  # fmt: skip
