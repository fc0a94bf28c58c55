"""Which files of a folder are migrations, in which order, and which folders are refused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from greylag.errors import DuplicateVersionError, FilesError
from greylag.migrations.files import NoFilesError, clean, collect, join, version_of

if TYPE_CHECKING:
    from pathlib import Path


def fill(folder: Path, *names: str) -> str:
    for name in names:
        (folder / name).write_text("")
    return str(folder)


def names(folder: str, upto: int | None = None) -> list[str]:
    found = collect(folder) if upto is None else collect(folder, upto=upto)
    return [migration.name for migration in found]


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [("./m//", "m"), ("m/../n/.", "n"), ("", "."), ("//m", "/m"), ("/", "/"), ("a/..", ".")],
)
def test_paths_are_cleaned_as_go_does(path: str, cleaned: str) -> None:
    assert clean(path) == cleaned


@pytest.mark.parametrize(
    ("folder", "path"),
    [(".", "1_a.sql"), ("", "1_a.sql"), ("./m/", "m/1_a.sql"), ("/", "/1_a.sql"), ("/m", "/m/1_a.sql")],
)
def test_a_files_path_as_output_shows_it(folder: str, path: str) -> None:
    assert join(folder, "1_a.sql") == path


@pytest.mark.parametrize(("path", "version"), [("m/00012_a.sql", 12), ("1_.go", 1), ("+7_plus.sql", 7)])
def test_the_version_is_what_stands_before_the_first_underscore(path: str, version: int) -> None:
    assert version_of(path) == version


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("1_a.txt", "migration file does not have .sql or .go file extension"),
        ("1a.sql", "no filename separator '_' found"),
        (
            "x_a.sql",
            'failed to parse version from migration file: x_a.sql: strconv.ParseInt: parsing "x": invalid syntax',
        ),
        (
            "9223372036854775808_a.sql",
            (
                "failed to parse version from migration file: 9223372036854775808_a.sql: "
                'strconv.ParseInt: parsing "9223372036854775808": value out of range'
            ),
        ),
        ("0_a.sql", "migration version must be greater than zero"),
        ("-3_a.sql", "migration version must be greater than zero"),
    ],
)
def test_a_bad_name_is_refused_in_gooses_words(path: str, reason: str) -> None:
    with pytest.raises(FilesError) as caught:
        version_of(path)
    assert caught.value.message == reason


def test_files_come_in_order_of_numbers_not_of_names(tmp_path: Path) -> None:
    assert names(fill(tmp_path, "10_b.sql", "9_a.sql", "0011_c.sql")) == ["9_a.sql", "10_b.sql", "0011_c.sql"]


def test_what_counts_as_a_migration(tmp_path: Path) -> None:
    folder = fill(tmp_path, "1_a.sql", "2_b.go", "3_c_test.go", "helper.go", "notes.txt", "0004_d.sql")
    (tmp_path / "sub").mkdir()
    fill(tmp_path / "sub", "5_deeper.sql")
    assert names(folder) == ["1_a.sql", "2_b.go", "0004_d.sql"]


def test_one_badly_named_sql_file_stops_everything(tmp_path: Path) -> None:
    with pytest.raises(FilesError) as caught:
        collect(fill(tmp_path, "1_a.sql", "seed.sql"))
    assert caught.value.message == (
        f"could not parse SQL migration file \"{tmp_path}/seed.sql\": no filename separator '_' found"
    )
    assert caught.value.where is not None
    assert caught.value.where.path == f"{tmp_path}/seed.sql"


def test_only_up_to_a_version(tmp_path: Path) -> None:
    folder = fill(tmp_path, "1_a.sql", "2_b.sql", "3_c.sql")
    assert names(folder, upto=2) == ["1_a.sql", "2_b.sql"]
    with pytest.raises(NoFilesError):
        collect(folder, upto=0)


def test_one_version_twice(tmp_path: Path) -> None:
    with pytest.raises(DuplicateVersionError) as caught:
        collect(fill(tmp_path, "1_a.sql", "2_b.sql", "002_c.sql"))
    assert {caught.value.earlier, caught.value.later} == {f"{tmp_path}/2_b.sql", f"{tmp_path}/002_c.sql"}


def test_a_twin_above_the_last_version_asked_for_is_no_matter(tmp_path: Path) -> None:
    assert names(fill(tmp_path, "1_a.sql", "2_b.sql", "002_c.sql"), upto=1) == ["1_a.sql"]


def test_an_empty_folder_and_a_file_hold_no_migrations(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "file").write_text("")
    for folder in (empty, tmp_path / "file"):
        with pytest.raises(NoFilesError, match="no migration files found"):
            collect(str(folder))


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FilesError) as caught:
        collect(f"{tmp_path}/gone")
    assert caught.value.message == f"{tmp_path}/gone directory does not exist"


def test_a_folder_name_no_system_takes() -> None:
    with pytest.raises(FilesError, match="invalid argument"):
        collect("m\0")


def test_a_folder_behind_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FilesError, match="not a directory"):
        collect(f"{tmp_path}/file/m")


def test_symlinks_are_followed(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    fill(real, "1_a.sql")
    os.symlink(real, tmp_path / "link")
    assert [migration.path for migration in collect(f"{tmp_path}/link")] == [f"{tmp_path}/link/1_a.sql"]
