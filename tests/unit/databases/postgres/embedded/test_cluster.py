"""Making a data folder; real ones are made in tests/roads/test_server.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.embedded.accounts import caller
from greylag.databases.postgres.embedded.cluster import SETTINGS, check_cluster, make_cluster, read_password
from greylag.databases.postgres.embedded.places import Place
from greylag.databases.postgres.embedded.sources import Source
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, tmp_path / "place", caller())


def initdb(tmp_path: Path, place: Place, lines: str) -> Source:
    """A source whose initdb writes down its words and does as ``lines`` say; ``$2`` is the data folder."""
    place.folder.mkdir()
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "initdb"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/words\n{lines}\n')
    program.chmod(0o755)
    return Source("stand-in", tmp_path / "bin", "16.0")


def test_a_data_folder_appears_whole_with_its_password(tmp_path: Path, place: Place) -> None:
    source = initdb(
        tmp_path, place, f'echo 16 > "$2/PG_VERSION"; cat {place.folder}/initdb.password > "$2/told"'
    )
    make_cluster(place, source)
    password = read_password(place)
    assert len(password) == 40 and (place.data / "told").read_text() == password
    assert place.pgpass.read_text() == f"*:*:*:postgres:{password}\n"
    assert place.pgpass.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in place.folder.iterdir()) == ["data", "pgpass"]
    words = (tmp_path / "words").read_text().splitlines()
    assert password not in "".join(words)
    for word in (
        "--encoding=UTF8",
        "--locale=C",
        "--data-checksums",
        "scram-sha-256",
        "synchronous_commit=off",
    ):
        assert word in words
    assert words.count("--set") == len(SETTINGS)
    check_cluster(place)


def test_every_data_folder_has_a_password_of_its_own(tmp_path: Path, place: Place) -> None:
    source = initdb(tmp_path, place, "true")
    make_cluster(place, source)
    first = read_password(place)
    place.data.rmdir()
    make_cluster(place, source)
    assert read_password(place) != first


def test_an_initdb_that_fails_leaves_nothing(tmp_path: Path, place: Place) -> None:
    source = initdb(
        tmp_path,
        place,
        'touch "$2/half"; echo "initdb: error: no room" >&2; echo "initdb: removing" ; exit 1',
    )
    with pytest.raises(EmbeddedError, match=f"initdb could not make {place.data}: initdb: error: no room"):
        make_cluster(place, source)
    assert list(place.folder.iterdir()) == []


def test_what_an_interrupted_one_left_is_made_anew(tmp_path: Path, place: Place) -> None:
    source = initdb(tmp_path, place, 'test -e "$2/half" && exit 1; true')
    (place.folder / "data.making").mkdir()
    (place.folder / "data.making" / "half").write_text("")
    (place.folder / "initdb.password").write_text("old")
    make_cluster(place, source)
    assert list(place.data.iterdir()) == []


def test_an_initdb_that_is_not_there(tmp_path: Path, place: Place) -> None:
    place.folder.mkdir()
    with pytest.raises(EmbeddedError, match=r"cannot be made: .*No such file"):
        make_cluster(place, Source("gone", tmp_path / "gone", "16.0"))
    assert list(place.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("15\n", "was made by PostgreSQL 15"),
        ("17\n", "was made by PostgreSQL 17"),
        (None, "is no data folder"),
    ],
)
def test_other_data_folders_are_refused(place: Place, content: str | None, words: str) -> None:
    place.data.mkdir(parents=True)
    if content is not None:
        (place.data / "PG_VERSION").write_text(content)
    with pytest.raises(EmbeddedError, match=words) as refusal:
        check_cluster(place)
    assert refusal.value.hint == f"move it away, and a new one is made: mv {place.data} {place.data}.old"


def test_a_password_that_is_gone(place: Place) -> None:
    with pytest.raises(EmbeddedError, match="the password of the embedded server cannot be read"):
        read_password(place)
