"""What a server was started from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.embedded.accounts import caller
from greylag.databases.postgres.embedded.places import Place
from greylag.databases.postgres.embedded.started import Start, read_start, write_start, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path, caller())
    assert read_start(place) is None
    start = Start("wheel", "16.14", os.fsdecode(b"/odd/\xff/bin"), 900)
    write_start(place, start)
    assert read_start(place) == start
    write_start(place, Start("system", "16.3", "/usr/lib/postgresql/16/bin", 1.5))
    assert read_start(place) == Start("system", "16.3", "/usr/lib/postgresql/16/bin", 1.5)
    assert [path.name for path in tmp_path.iterdir()] == ["started"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"source": "wheel"}', "7"])
def test_what_cannot_be_read_is_as_good_as_nothing(tmp_path: Path, text: str) -> None:
    place = Place(tmp_path, tmp_path, caller())
    place.started_file.write_text(text)
    assert read_start(place) is None


def test_a_file_is_replaced_and_never_emptied(tmp_path: Path) -> None:
    file = tmp_path / "port"
    write_whole(file, "1\n")
    with file.open() as before:
        write_whole(file, "2\n")
        assert before.read() == "1\n"
    assert file.read_text() == "2\n"
