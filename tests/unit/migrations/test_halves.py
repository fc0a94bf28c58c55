"""A file taken apart and put together holds the same statements, whatever the parser's corpus thinks up."""

from __future__ import annotations

from pathlib import Path

import pytest

from greylag.errors import ParseError
from greylag.migrations.halves import Half, put_together, take_apart
from greylag.migrations.parser import ParseOptions, parse
from greylag.model.migration import Migration

ROOT = Path(__file__).parents[3]
CORPUS = sorted(
    [*(ROOT / "tests" / "golden" / "parser").glob("*.sql"), *(ROOT / "examples" / "my-girok").rglob("*.sql")]
)
OPTIONS = ParseOptions(lookup=lambda name: f"<{name}>")

SPOKEN = """\
-- Adds birds.
-- +goose NO TRANSACTION
-- +goose ENVSUB ON

-- +goose Up
-- the table first
CREATE TABLE ${NAME} (id int);
-- +goose ENVSUB OFF
-- +goose StatementBegin
DO $$ BEGIN PERFORM 1; END $$;
-- +goose StatementEnd

-- +goose Down
-- it is small
DROP TABLE birds;"""


def statements(path: Path, direction: str) -> list[str] | None:
    """None where the parser refuses the file."""
    try:
        return [each.text for each in parse(Migration(1, str(path)), direction, OPTIONS).statements]
    except ParseError:
        return None


def swapped(text: str) -> str:
    found = take_apart(text)
    return put_together(
        [], [found.down], [found.up], transactional=found.transactional, newline=found.newline
    )


def test_the_corpus_is_there() -> None:
    sound = [path for path in CORPUS if statements(path, "up") and statements(path, "down")]
    assert len(CORPUS) > 60 and len(sound) > 30


@pytest.mark.parametrize("case", CORPUS, ids=lambda path: path.stem)
def test_swapped_halves_hold_each_others_statements(case: Path, tmp_path: Path) -> None:
    up, down = statements(case, "up"), statements(case, "down")
    if up is None or down is None:
        return  # what the parser refuses is never taken apart
    other = tmp_path / "1_x.sql"
    other.write_bytes(
        swapped(case.read_bytes().decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    )
    assert (statements(other, "up"), statements(other, "down")) == (down, up)


def test_what_the_halves_know() -> None:
    found = take_apart(SPOKEN)
    assert found.head == ["-- Adds birds.\n"]
    assert (found.transactional, found.newline) == (False, "\n")
    assert found.up.lines[0] == "-- the table first\n"
    assert (found.up.begins_substituted, found.up.ends_substituted) == (True, False)
    assert found.down == Half(["-- it is small\n", "DROP TABLE birds;"], False, False)


def test_swapping_keeps_comments_blocks_and_switches() -> None:
    assert (
        swapped(SPOKEN)
        == """\
-- +goose NO TRANSACTION
-- +goose Up
-- it is small
DROP TABLE birds;

-- +goose Down
-- +goose ENVSUB ON
-- the table first
CREATE TABLE ${NAME} (id int);
-- +goose ENVSUB OFF
-- +goose StatementBegin
DO $$ BEGIN PERFORM 1; END $$;
-- +goose StatementEnd
"""
    )


def test_a_switch_left_on_reaches_into_the_down() -> None:
    text = "-- +goose Up\n-- +goose ENVSUB ON\nSELECT '$A';\n-- +goose Down\nSELECT '$B';\n"
    assert swapped(text) == (
        "-- +goose Up\n-- +goose ENVSUB ON\nSELECT '$B';\n\n"
        "-- +goose Down\n-- +goose ENVSUB OFF\n-- +goose ENVSUB ON\nSELECT '$A';\n"
    )


def test_line_ends_stay() -> None:
    text = "-- +goose Up\r\nSELECT 1;\r\n-- +goose Down\r\nSELECT 2;"
    assert swapped(text) == "-- +goose Up\r\nSELECT 2;\r\n\r\n-- +goose Down\r\nSELECT 1;\r\n"


@pytest.mark.parametrize(
    ("lines", "holds"),
    [
        ([], False),
        (["\n", "  -- no\n"], False),
        (["SELECT 1;\n"], True),
        (["-- +goose StatementBegin\n"], False),
    ],
)
def test_a_half_without_a_statement(lines: list[str], holds: bool) -> None:
    assert Half(lines).has_statement == holds


def test_blanks_at_the_end_of_a_half_do_not_reach_into_the_next() -> None:
    half = Half(["SELECT 1;\n", "  \n"])
    other = Half(["-- two\n", "SELECT 2;"])
    assert put_together(["-- x"], [half, other], [], transactional=True, newline="\n") == (
        "-- x\n-- +goose Up\nSELECT 1;\n\n-- two\nSELECT 2;\n\n-- +goose Down\n"
    )
