"""Adopting a database that has the schema and no history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import ApplyError, DriftError, EditedError, UnfinishedError
from greylag.operations.baseline import (
    HistoryThereError,
    NothingToAdoptError,
    baseline,
    compare_first,
    foresee_baseline,
)
from greylag.operations.recording import UnknownVersionError

if TYPE_CHECKING:
    from greylag.operations.scratch import Workshop
    from tests.unit.operations.conftest import CarefulGround, Ground


def adopt(own: CarefulGround, version: int) -> list[int]:
    return [file.version for file in baseline(own.session, own.folder, version, own.care)]


def made_by_hand(own: CarefulGround) -> None:
    for version in (1, 2, 3):
        own.write(version)
    own.ask("CREATE TABLE t1 (id int)")
    own.ask("CREATE TABLE t2 (id int)")


def test_files_up_to_the_version_are_recorded_and_not_run(own: CarefulGround) -> None:
    made_by_hand(own)
    assert adopt(own, 2) == [1, 2]
    assert (own.versions(), own.tables()) == ([1, 2], ["t1", "t2"])
    assert own.states() == [(1, "up", "adopted"), (2, "up", "adopted")]
    own.up()
    assert (own.versions(), own.tables()) == ([1, 2, 3], ["t1", "t2", "t3"])
    assert own.back()[0].migration.version == 3  # type: ignore[union-attr]


def test_the_journal_knows_the_files_so_that_an_edit_is_seen(own: CarefulGround) -> None:
    made_by_hand(own)
    adopt(own, 3)
    own.write(2, "CREATE TABLE t2 (id bigint);")
    with pytest.raises(EditedError):
        own.up()


def test_the_same_again_is_nothing_to_do(own: CarefulGround) -> None:
    made_by_hand(own)
    adopt(own, 2)
    assert adopt(own, 2) == []
    assert own.versions() == [1, 2]


def test_another_history_is_refused_and_stays(own: CarefulGround) -> None:
    made_by_hand(own)
    adopt(own, 1)
    with pytest.raises(HistoryThereError) as caught:
        adopt(own, 2)
    assert caught.value.applied == [1]
    assert "records 1 version already" in caught.value.message
    assert own.versions() == [1]


def test_an_empty_database_is_refused_and_stays_empty(own: CarefulGround) -> None:
    own.write(1)
    with pytest.raises(NothingToAdoptError, match="there is nothing to adopt"):
        adopt(own, 1)
    assert own.ask("SELECT to_regclass('goose_db_version'), to_regclass('greylag.journal')") == [(None, None)]


def test_a_version_of_no_file_is_refused(own: CarefulGround) -> None:
    made_by_hand(own)
    with pytest.raises(UnknownVersionError) as caught:
        adopt(own, 7)
    assert caught.value.hint == "the nearest: 3_t.sql"
    assert own.ask("SELECT to_regclass('goose_db_version')") == [(None,)]


def test_a_file_that_was_broken_off_comes_first(own: CarefulGround) -> None:
    own.write(1, "CREATE TABLE t1 (id int);\nSELECT nothing;", apart=True)
    with pytest.raises(ApplyError, match="nothing"):
        own.up()
    with pytest.raises(UnfinishedError):
        adopt(own, 1)


def test_foreseeing_writes_nothing(own: CarefulGround) -> None:
    made_by_hand(own)
    assert [file.name for file in foresee_baseline(own.session, own.folder, 2)] == ["1_t.sql", "2_t.sql"]
    assert own.ask("SELECT to_regclass('goose_db_version')") == [(None,)]


def test_rows_of_versions_that_were_rolled_back_do_not_count(own: CarefulGround) -> None:
    made_by_hand(own)
    own.session.create_history()
    own.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, true), (1, false)")
    assert adopt(own, 2) == [1, 2]


def test_an_engine_without_a_journal_records_rows(lite: Ground) -> None:
    lite.write(1, 2, 3)
    lite.ask("CREATE TABLE t1 (id int)")
    assert [file.version for file in baseline(lite.session, lite.folder, 2, lite.care)] == [1, 2]
    assert (lite.versions(), lite.tables()) == ([0, 1, 2], ["t1"])
    assert baseline(lite.session, lite.folder, 2, lite.care) == []
    with pytest.raises(HistoryThereError, match="2 versions, up to 2"):
        baseline(lite.session, lite.folder, 3, lite.care)


def test_a_schema_the_files_make_may_be_recorded(own: CarefulGround, workshop: Workshop) -> None:
    made_by_hand(own)
    compare(own, 2, workshop)
    own.ask("GRANT SELECT ON t1 TO pg_monitor; ALTER TABLE t1 OWNER TO pg_database_owner")
    compare(own, 2, workshop)


def test_one_they_do_not_make_is_refused_with_what_differs(own: CarefulGround, workshop: Workshop) -> None:
    made_by_hand(own)
    own.ask("ALTER TABLE t2 ADD COLUMN more text; ALTER TABLE t1 ALTER COLUMN id SET NOT NULL")
    with pytest.raises(DriftError, match="what the files up to 2 make: it differs in 2 places") as refusal:
        compare(own, 2, workshop)
    assert [(each.name, each.what) for each in refusal.value.changes] == [
        ("t1.id", "not null"),
        ("t2.more", "extra"),
    ]


def compare(own: CarefulGround, version: int, workshop: Workshop) -> None:
    chosen = foresee_baseline(own.session, own.folder, version)
    compare_first(own.session, own.folder, chosen, workshop, "goose_db_version")
