"""What database and folder say of each other, read without writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import ApplyError, FilesError
from greylag.model.history import Applied
from greylag.operations.options import RunOptions
from greylag.operations.survey import Gone, Survey, current_of, read_rows, survey
from greylag.operations.up import up

if TYPE_CHECKING:
    from tests.unit.operations.conftest import CarefulGround, Ground


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


def test_what_the_journal_knows(own: CarefulGround) -> None:
    paths = [own.write(version) for version in (1, 2, 3, 9)]
    own.up()
    own.write(1, "CREATE TABLE t1 (id bigint);")
    paths[1].unlink()
    paths[3].unlink()
    found = survey(own.session, own.folder)
    assert [entry.migration.version for entry in found.edited] == [1]
    assert found.gone == [Gone(2, "2_t.sql", ahead=False), Gone(9, "9_t.sql", ahead=True)]
    assert (found.halts, found.blind) == ([], False)


def test_a_file_that_was_broken_off_is_told_with_its_place(own: CarefulGround) -> None:
    path = own.write(1, "SELECT 1;\nSELECT nothing;\nSELECT 3;", apart=True)
    with pytest.raises(ApplyError):
        own.up()
    (halt,) = survey(own.session, own.folder).halts
    assert (halt.unfinished.version, halt.number, halt.count) == (1, 2, 3)
    path.write_text("no migration")
    assert survey(own.session, own.folder).halts[0].count == 0
    path.unlink()
    assert survey(own.session, own.folder).halts[0].count == 0


def test_comments_are_no_edit(own: CarefulGround) -> None:
    own.write(1)
    own.up()
    own.write(1, "-- said better\ncreate TABLE   t1 (id int);")
    assert survey(own.session, own.folder).edited == []


def test_an_applied_file_that_cannot_be_read_is_named(own: CarefulGround) -> None:
    path = own.write(1)
    own.up()
    path.unlink()
    path.symlink_to("nowhere")
    with pytest.raises(FilesError, match="no such file") as caught:
        survey(own.session, own.folder)
    assert "readable" in str(caught.value.hint)


def test_the_version_alone_needs_no_folder(lite: Ground) -> None:
    assert current_of(lite.session)[1] == 0
    lite.write(1)
    list(up(lite.session, lite.folder, RunOptions()))
    assert current_of(lite.session)[1] == 1
