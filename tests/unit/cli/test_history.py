"""history as it looks; its rows on PostgreSQL are in tests/roads/test_journal.py."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


def test_without_a_journal_it_shows_the_version_table_and_says_so(here: Here) -> None:
    here.write(1)
    assert here.greylag("history").lines[1:] == [
        "  no journal here: greylag has run nothing yet. The version table holds:",
        "  nothing",
    ]
    here.greylag("up")
    here.write(2)
    head, row = here.greylag("history").lines[2:]
    assert head == "  when (as stored)     version  file         state"
    assert re.fullmatch(r"  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  1        00001_t\.sql  applied", row)


def test_the_version_table_for_programs(here: Here) -> None:
    here.write(1)
    here.greylag("up")
    (facts,) = here.greylag("history", "--json").json()
    assert (facts["journal"], facts["entries"]) == (False, [])
    (row,) = facts["version_table"]
    assert (row["version"], row["file"], row["applied"]) == (1, "00001_t.sql", True)
    assert re.match(r"\d{4}-\d\d-\d\dT", row["applied_at"])


def test_text_that_is_not_kept(here: Here) -> None:
    answer = here.greylag("history", "--text", "1")
    assert (answer.code, answer.out) == (1, "")
    assert "does not hold the text of version 1" in answer.err and "greylag history --version 1" in answer.err


def test_text_goes_with_no_other_option(here: Here) -> None:
    assert here.greylag("history", "--text", "1", "--limit", "2").code == 2
