"""What was edited, statement by statement."""

from __future__ import annotations

import pytest

from greylag.model.migration import Migration
from greylag.operations.differences import differences

FILE = Migration(1, "m/1_a.sql")
OLD = """-- +goose Up
CREATE TABLE a (n int);
CREATE TABLE b (
    n int,
    t text
);
-- +goose Down
DROP TABLE b;
DROP TABLE a;
"""


def diff(old: str, new: str) -> list[str]:
    assert old in OLD
    return differences(FILE, OLD.encode(), OLD.replace(old, new).encode()).split("\n")


def test_one_line_of_a_statement() -> None:
    assert diff("t text", "t varchar") == [
        "Up:",
        "       n int,",
        "  -    t text",
        "  +    t varchar",
        "   );",
    ]


def test_a_statement_that_is_new_or_gone() -> None:
    assert diff("CREATE TABLE a (n int);\n", "CREATE TABLE a (n int);\nCREATE TABLE c (n int);\n") == [
        "Up:",
        "  +CREATE TABLE c (n int);",
    ]
    assert diff("DROP TABLE b;\n", "") == ["Down:", "  -DROP TABLE b;"]


def test_both_directions() -> None:
    lines = diff("TABLE a", "TABLE z")
    assert lines == [
        "Up:",
        "  -CREATE TABLE a (n int);",
        "  +CREATE TABLE z (n int);",
        "Down:",
        "  -DROP TABLE a;",
        "  +DROP TABLE z;",
    ]


def test_two_statements_that_changed_places() -> None:
    lines = diff("DROP TABLE b;\nDROP TABLE a;", "DROP TABLE a;\nDROP TABLE b;")
    assert lines[0] == "Down:"
    assert sorted(line[2:3] for line in lines[1:]) == ["+", "-"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CREATE TABLE a", "create  table A"),
        ("    n int,\n", "  n int,  -- a number\n"),
        ("Up\n", "Up\n-- why\n\n"),
    ],
)
def test_layout_is_no_difference(old: str, new: str) -> None:
    assert diff(old, new) == ["an annotation was changed"]


def test_a_file_that_can_no_longer_be_read() -> None:
    lines = diff("CREATE TABLE a (n int);", "CREATE TABLE a (n int)\n-- +goose Up\n;")
    assert any(line.startswith("  +(cannot be read: ") for line in lines)


def test_variables_are_shown_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORD", "geheim")
    old = b"-- +goose Up\n-- +goose ENVSUB ON\nSELECT '${WORD}';\n"
    shown = differences(FILE, old, old.replace(b"SELECT", b"SELECT 1,"))
    assert "geheim" not in shown


def test_a_long_difference_is_cut() -> None:
    more = "".join(f"CREATE TABLE t{number} (n int);\n" for number in range(60))
    lines = diff("CREATE TABLE a (n int);\n", more)
    assert len(lines) == 41
    assert lines[-1] == "… 22 more lines"


def test_on_clickhouse_case_is_a_difference() -> None:
    old, new = b"-- +goose Up\nDROP TABLE a;\n", b"-- +goose Up\nDROP TABLE A; -- gone\n"
    assert "-DROP TABLE a;" in differences(FILE, old, new, "clickhouse")
    assert differences(FILE, old, new) == "an annotation was changed"
