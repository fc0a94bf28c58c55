"""The forward way back: what it takes from a file, in which order, and when it refuses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError, GoMigrationError, ParseError
from greylag.operations.new import write_series
from greylag.operations.options import RunOptions
from greylag.operations.reverse import Source, from_folder, from_journal, reversals
from greylag.operations.up import up

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.operations.conftest import Ground

BIRDS = "-- Birds.\n-- +goose Up\nCREATE TABLE birds (id int);\n-- +goose Down\nDROP TABLE birds;\n"
INDEX = (
    "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY i ON birds (id);\n"
    "-- +goose Down\nDROP INDEX CONCURRENTLY i;\n"
)


def source(version: int, text: str, name: str = "x") -> Source:
    return Source(version, f"m/{version:05d}_{name}.sql", text)


def test_one_file() -> None:
    assert reversals([source(1, BIRDS, "add_birds")]) == [
        (
            "reverse_add_birds",
            (
                "-- Reverses 00001_add_birds.sql: its Down is the Up here, its Up the Down.\n"
                "-- +goose Up\nDROP TABLE birds;\n\n"
                "-- +goose Down\n-- Birds.\nCREATE TABLE birds (id int);\n"
            ),
        )
    ]


def test_no_transaction_is_kept() -> None:
    ((_, text),) = reversals([source(1, INDEX)])
    assert text.splitlines()[1:4] == [
        "-- +goose NO TRANSACTION",
        "-- +goose Up",
        "DROP INDEX CONCURRENTLY i;",
    ]


def test_several_transactional_files_become_one_newest_first() -> None:
    worms = BIRDS.replace("birds", "worms").replace("-- Birds.\n", "")
    ((name, text),) = reversals([source(2, worms, "worms"), source(1, BIRDS, "birds")])
    assert name == "reverse_worms_and_1_more"
    assert text == (
        "-- Reverses 00002_worms.sql: its Down is the Up here, its Up the Down.\n"
        "-- Reverses 00001_birds.sql: its Down is the Up here, its Up the Down.\n"
        "-- +goose Up\n-- 00002_worms.sql\nDROP TABLE worms;\n\n-- 00001_birds.sql\nDROP TABLE birds;\n\n"
        "-- +goose Down\n-- 00001_birds.sql\n-- Birds.\nCREATE TABLE birds (id int);\n\n"
        "-- 00002_worms.sql\nCREATE TABLE worms (id int);\n"
    )


def test_one_outside_a_transaction_keeps_them_apart() -> None:
    drafts = reversals([source(2, INDEX, "index"), source(1, BIRDS, "birds")])
    assert [name for name, _ in drafts] == ["reverse_index", "reverse_birds"]
    assert ["NO TRANSACTION" in text for _, text in drafts] == [True, False]


def test_it_takes_back_what_was_applied(lite: Ground) -> None:
    lite.write(1, 2, 3)
    list(up(lite.session, lite.folder, RunOptions()))
    write_series(lite.folder, reversals(from_folder(lite.folder, [], above=1)))
    list(up(lite.session, lite.folder, RunOptions()))
    assert (lite.tables(), lite.versions()) == (["t1"], [0, 1, 2, 3, 4])


def test_which_files_are_meant(tmp_path: Path) -> None:
    for version in (1, 2, 3):
        (tmp_path / f"{version:05d}_x.sql").write_text(BIRDS)
    folder = str(tmp_path)
    assert [each.version for each in from_folder(folder, [1, 3, 1])] == [3, 1]
    assert [each.version for each in from_folder(folder, [1], above=2)] == [3, 1]
    with pytest.raises(FilesError, match="no file is newer than version 3"):
        from_folder(folder, [], above=3)


def test_a_version_without_a_file_leads_to_the_journal(tmp_path: Path) -> None:
    (tmp_path / "00001_x.sql").write_text(BIRDS)
    with pytest.raises(FilesError, match="version 2 has no file here") as caught:
        from_folder(str(tmp_path), [2])
    assert "--from-journal" in caught.value.hint


def test_an_empty_down_says_what_is_to_be_written(tmp_path: Path) -> None:
    path = tmp_path / "00001_add.sql"
    path.write_text(
        "-- +goose Up\nCREATE TABLE a (\n  id int);\nCREATE INDEX i ON a (id);\n-- +goose Down\n-- no\n"
    )
    with pytest.raises(FilesError, match=r"00001_add\.sql has an empty Down") as caught:
        reversals(from_folder(str(tmp_path), [1]))
    assert caught.value.hint.splitlines() == [
        "greylag new reverse_add; write as its Up what undoes its statements, last first:",
        "  CREATE INDEX i ON a (id);",
        "  CREATE TABLE a (",
    ]


def test_a_file_with_an_empty_down_can_be_left_out() -> None:
    empty = "-- +goose Up\nUPDATE a SET b = 1;\n-- +goose Down\n"
    with pytest.raises(FilesError, match=r"00002_x\.sql has an empty Down") as caught:
        reversals([source(3, INDEX), source(2, empty), source(1, BIRDS)])
    assert caught.value.hint.endswith("greylag new --reverse 3 --reverse 1")


def test_what_cannot_be_read_is_not_reversed(tmp_path: Path) -> None:
    (tmp_path / "1_bad.sql").write_text("-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2\n")
    (tmp_path / "2_g.go").write_text("package m\n")
    with pytest.raises(ParseError, match="missing semicolon"):
        from_folder(str(tmp_path), [1])
    with pytest.raises(GoMigrationError):
        from_folder(str(tmp_path), [2])


def test_variables_need_no_value_to_be_reversed(tmp_path: Path) -> None:
    text = "-- +goose ENVSUB ON\n-- +goose Up\nSELECT '${A?is wanted}';\n-- +goose Down\nSELECT '$B';\n"
    (tmp_path / "1_e.sql").write_text(text)
    ((_, reversal),) = reversals(from_folder(str(tmp_path), [1]))
    assert reversal.splitlines()[1:] == [
        "-- +goose Up", "-- +goose ENVSUB ON", "SELECT '$B';", "", "-- +goose Down", "SELECT '${A?is wanted}';",
    ]  # fmt: skip


def session(journal: object) -> object:
    return SimpleNamespace(journal=lambda: journal)


def test_from_the_journal() -> None:
    kept = {7: ("00007_birds.sql", BIRDS.encode() + b"-- \xe9\n"), 5: ("00005_i.sql", INDEX.encode())}
    journal = SimpleNamespace(
        content=kept.get,
        opening=lambda: SimpleNamespace(known={5: None, 7: None}),
    )
    found = from_journal(session(journal), [5, 7])
    assert [(each.version, each.file) for each in found] == [(7, "00007_birds.sql"), (5, "00005_i.sql")]
    assert found[0].text.endswith("-- \udce9\n")
    assert [each.version for each in from_journal(session(journal), [], above=5)] == [7]
    with pytest.raises(FilesError, match="nothing newer than version 7"):
        from_journal(session(journal), [], above=7)
    with pytest.raises(FilesError, match="keeps no text of version 6"):
        from_journal(session(journal), [6])


def test_a_text_that_was_kept_without_its_password_is_no_source() -> None:
    text = BIRDS.replace("DROP TABLE birds", "ALTER ROLE r PASSWORD '***'").encode()
    journal = SimpleNamespace(content=lambda _: ("00001_r.sql", text))
    with pytest.raises(FilesError, match="without the password in it"):
        from_journal(session(journal), [1])


def test_an_engine_without_a_journal_says_so() -> None:
    with pytest.raises(FilesError, match="no journal"):
        from_journal(session(None), [1])
