"""What database and folder say of each other, read without writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.model.history import Applied
from greylag.operations.options import RunOptions
from greylag.operations.survey import Gone, Survey, read_rows, survey
from greylag.operations.up import up

if TYPE_CHECKING:
    from tests.unit.operations.conftest import Ground


def states(found: Survey) -> list[tuple[int, str]]:
    return [(entry.migration.version, entry.state) for entry in found.entries]


def test_nothing_is_made_by_asking(lite: Ground) -> None:
    lite.write(1)
    found = survey(lite.session, lite.folder)
    assert (found.rows, found.current, states(found)) == (None, 0, [(1, "pending")])
    assert read_rows(lite.session) is None
    assert not lite.has_history()


def test_applied_missing_pending_and_ahead(lite: Ground) -> None:
    lite.write(2, 4, 5)
    list(up(lite.session, lite.folder, RunOptions()))
    lite.remove(4)
    lite.write(3, 6)
    found = survey(lite.session, lite.folder)
    assert states(found) == [(2, "applied"), (3, "missing"), (5, "applied"), (6, "pending")]
    assert (found.current, found.gone) == (5, [Gone(4, "", ahead=False)])
    assert [entry.migration.version for entry in found.pending] == [3, 6]
    assert [entry.at is not None for entry in found.entries] == [True, False, True, False]


def test_an_empty_folder_is_fine(lite: Ground) -> None:
    found = survey(lite.session, lite.folder)
    assert (found.entries, found.gone) == ([], [])


def test_a_table_whose_rows_are_all_rolled_back(lite: Ground) -> None:
    lite.write(1)
    list(up(lite.session, lite.folder, RunOptions()))
    lite.ask("UPDATE goose_db_version SET is_applied = 0")
    found = survey(lite.session, lite.folder)
    assert (found.current, states(found)) == (0, [(1, "pending")])
    assert read_rows(lite.session) == [Applied(1, False), Applied(0, False)]
