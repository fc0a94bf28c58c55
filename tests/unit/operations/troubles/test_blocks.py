from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTION = """CREATE FUNCTION f() RETURNS int AS $$
BEGIN
  RETURN 1;
END;
$$ LANGUAGE plpgsql;"""
CUT = FUNCTION[: FUNCTION.index(";") + 1]
SAYS = 'unterminated dollar-quoted string at or near "$$"'
UNFINISHED = 'unexpected unfinished SQL query: "…": missing semicolon?'


def test_the_lines_to_insert(hint: Callable[..., str]) -> None:
    told = hint("42601", SAYS, up=f"SELECT 1;\n\n{FUNCTION}", failing=CUT)
    assert told.splitlines()[1:-1] == [
        "    -- +goose StatementBegin",
        "    4 | CREATE FUNCTION f() RETURNS int AS $$",
        "    …",
        "    8 | $$ LANGUAGE plpgsql;",
        "    -- +goose StatementEnd",
    ]
    assert "around lines 4 to 8:" in told


def test_a_literal_over_several_lines(hint: Callable[..., str]) -> None:
    told = hint("42601", "unterminated quoted string at", up="SELECT 'a;\nb';", failing="SELECT 'a;")
    assert "around lines 2 to 3:" in told


def test_a_quote_that_never_ends_has_no_lines(hint: Callable[..., str]) -> None:
    told = hint("42601", SAYS, failing="DO $$ BEGIN NULL;")
    assert told.startswith("A quote is opened and not closed")
    block = f"-- +goose StatementBegin\n{CUT}\n-- +goose StatementEnd"
    assert "is not closed before StatementEnd" in hint("42601", SAYS, up=block, failing=CUT)


def test_a_missing_semicolon_is_added(hint: Callable[..., str]) -> None:
    told = hint("", UNFINISHED, up="CREATE TABLE a (\n  id int\n)\n-- why\n", line=2)
    assert "Line 4 becomes:\n    4 | );\n" in told
    assert hint("", UNFINISHED, up="SELECT 1 -- one", line=2) == "", "a remark behind it: not sure"


def test_the_rest_of_a_body_leads_to_its_beginning(hint: Callable[..., str]) -> None:
    told = hint("", UNFINISHED, up=FUNCTION.removesuffix(";"), line=6)
    assert "around lines 2 to 6:" in told
    apart = f"{FUNCTION}\nSELECT 1"
    assert (
        "Line 7 becomes:" in hint("", UNFINISHED, up=apart, line=7)
        or hint("", UNFINISHED, up=apart, line=7) == ""
    )


def test_words_of_sql_as_names(hint: Callable[..., str]) -> None:
    assert '"user"' in hint("42601", 'syntax error at or near "user"', failing="ALTER TABLE user;")
    assert "the mistake is there or just before" in hint("42601", 'syntax error at or near "x"', failing="x;")
