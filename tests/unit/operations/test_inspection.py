"""Every fault of a folder at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import DuplicateVersionError, FilesError
from greylag.operations.inspection import inspect

if TYPE_CHECKING:
    from pathlib import Path

SOUND = "-- +goose Up\nSELECT 1;\n"


def fill(folder: Path, **texts: str) -> str:
    for name, text in texts.items():
        (folder / f"{name.removeprefix('v')}.sql").write_text(text)
    return str(folder)


def test_sound_files(tmp_path: Path) -> None:
    found = inspect(fill(tmp_path, v1_a=SOUND, v2_b=SOUND))
    assert (len(found.files), found.faults) == (2, [])


def test_one_version_twice(tmp_path: Path) -> None:
    found = inspect(fill(tmp_path, v1_a=SOUND, v01_b=SOUND))
    assert len(found.files) == 2
    assert [type(fault) for fault in found.faults] == [DuplicateVersionError]


def test_a_bad_name_is_told_once(tmp_path: Path) -> None:
    found = inspect(fill(tmp_path, v1_a=SOUND, seed=SOUND))
    assert len(found.faults) == 1


def test_an_empty_folder_has_no_faults(tmp_path: Path) -> None:
    assert inspect(str(tmp_path)) == ([], [], [])


def test_statements_are_looked_at_for_postgres_alone(tmp_path: Path) -> None:
    folder = fill(tmp_path, v1_a="-- +goose Up\nVACUUM;\n", v2_b=SOUND, v3_c="-- +goose Up\nBEGIN\n")
    found = inspect(folder)
    assert [finding.where.path for finding in found.findings] == [f"{folder}/1_a.sql"]
    assert (len(found.files), len(found.faults)) == (2, 1)
    assert inspect(folder, "sqlite").findings == []


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FilesError):
        inspect(str(tmp_path / "gone"))


@pytest.mark.parametrize(
    ("engine", "expected"), [("postgres", True), ("sqlite", True), ("clickhouse", False)]
)
def test_clickhouse_has_no_transactions(engine: str, expected: bool, tmp_path: Path) -> None:
    (tmp_path / "00001_a.sql").write_text("-- +goose Up\nSELECT 1;\n")
    (fact,) = inspect(str(tmp_path), engine).files
    assert (fact.transactional, fact.up) == (expected, 1)
