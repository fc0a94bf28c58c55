"""What history reads, with a journal that a test fills by hand; the real one is in tests/roads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from greylag.model.care import Entry, Opening
from greylag.operations.journal import TextNotKeptError, kept_text, past
from greylag.operations.options import RunOptions
from greylag.operations.up import up

if TYPE_CHECKING:
    from greylag.databases.base import Session
    from tests.unit.operations.conftest import Ground

THEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def entry(number: int, version: int, statement: int | None = None, state: str = "done") -> Entry:
    return Entry(
        number, "run", version, "up", f"{version}_t.sql", statement, state, "ana", "desk", "greylag", THEN, THEN,
        0.0, 0, "", "", b"r", b"h", True,
    )  # fmt: skip


class Journaled:
    """A session whose journal is a list, newest row first."""

    def __init__(self, session: Session, *entries: Entry) -> None:
        self._session, self.rows = session, list(entries)
        self.texts: dict[int, tuple[str, bytes]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def journal(self) -> Journaled:
        return self

    def entries(self, *, version: int | None = None, limit: int | None = None) -> list[Entry]:
        return [row for row in self.rows if version in (None, row.version)][:limit]

    def opening(self) -> Opening:
        return Opening([], {}, ())

    def content(self, version: int) -> tuple[str, bytes] | None:
        return self.texts.get(version)


def numbers(session: Session, folder: str, **asked: Any) -> list[int]:
    found = past(session, folder, **asked)
    assert found.journaled
    return [row.id for row in found.entries]


def test_rows_of_statements_are_folded_and_not_counted(lite: Ground) -> None:
    rows = [entry(6, 2), entry(5, 2, 2), entry(4, 2, 2, "resolved"), entry(3, 2, 1, "resolved")]
    rows += [entry(2, 2, 1), entry(1, 1)]
    session = Journaled(lite.session, *rows)
    assert numbers(session, lite.folder) == [6, 4, 1]
    assert numbers(session, lite.folder, statements=True) == [6, 5, 4, 3, 2, 1]
    assert numbers(session, lite.folder, limit=2) == [6, 4]
    assert numbers(session, lite.folder, limit=2, statements=True) == [6, 5]
    assert numbers(session, lite.folder, version=1) == [1]


def test_many_rows_of_statements_do_not_hide_an_older_file(lite: Ground) -> None:
    rows = [entry(99, 2), *(entry(99 - number, 2, number) for number in range(1, 40)), entry(1, 1)]
    session = Journaled(lite.session, *rows)
    assert numbers(session, lite.folder, limit=1) == [99]
    assert numbers(session, lite.folder, limit=2) == [99, 1]
    assert numbers(session, lite.folder, limit=3) == [99, 1]


def test_a_journal_without_rows_of_a_version_is_still_a_journal(lite: Ground) -> None:
    assert numbers(Journaled(lite.session, entry(1, 1)), lite.folder, version=7) == []


@pytest.mark.parametrize("empty", [True, False])
def test_without_a_journal_the_version_table_tells(lite: Ground, empty: bool) -> None:
    session = Journaled(lite.session) if empty else lite.session
    assert past(session, lite.folder).stamps == []
    lite.write(1, 2)
    list(up(lite.session, lite.folder, RunOptions()))
    lite.remove(2)
    found = past(session, lite.folder)
    assert (found.journaled, found.entries) == (False, [])
    assert [(stamp.version, stamp.applied) for stamp in found.stamps] == [(2, True), (1, True)]
    assert found.names == {1: "1_t.sql"}
    assert [stamp.version for stamp in past(session, lite.folder, version=1).stamps] == [1]
    assert [stamp.version for stamp in past(session, lite.folder, limit=1).stamps] == [2]


def test_a_folder_that_cannot_be_read_is_no_hindrance(lite: Ground) -> None:
    lite.write(1)
    list(up(lite.session, lite.folder, RunOptions()))
    found = past(lite.session, "nowhere")
    assert ([stamp.version for stamp in found.stamps], found.names) == ([1], {})


def test_the_text_of_a_version(lite: Ground) -> None:
    session = Journaled(lite.session, entry(1, 1))
    session.texts[2] = ("2_t.sql", b"SELECT 2;")
    assert kept_text(session, 2) == ("2_t.sql", b"SELECT 2;")
    with pytest.raises(TextNotKeptError, match="version 1: it never ran to its end"):
        kept_text(session, 1)
    with pytest.raises(TextNotKeptError, match="version 3: it has no row of it"):
        kept_text(session, 3)
    with pytest.raises(TextNotKeptError, match="version 3: it has no row of it"):
        kept_text(lite.session, 3)
