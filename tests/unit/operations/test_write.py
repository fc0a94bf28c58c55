"""Writing files whole or not at all."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from greylag.errors import EditError
from greylag.model.edit import Edit
from greylag.operations.write import diff, read, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old\n")
    path.chmod(0o640)
    assert write([Edit(str(path), "old\n", "new\n")]) == [str(path)]
    assert path.read_text() == "new\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a.toml"]


def test_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"a\r\nb\n")
    before = read(str(path))
    assert before == "a\r\nb\n"
    write([Edit(str(path), before, before + "c\r\n")])
    assert path.read_bytes() == b"a\r\nb\nc\r\n"


def test_a_link_keeps_pointing_at_its_file(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write([Edit(str(tmp_path / "link"), "old", "new")])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_pipe_gets_the_text_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(pipe.read_text)
        assert write([Edit(str(pipe), read(str(pipe)), "text\n")]) == [str(pipe)]
        assert reader.result(10) == "text\n"
    assert pipe.is_fifo()


def test_a_new_file_and_its_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.sql"
    assert write([Edit(str(path), None, "x")]) == [str(path)]
    assert path.read_text() == "x"


def test_nothing_to_change_is_nothing_written(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert write([Edit(str(path), "same", "same")]) == []
    assert not path.exists()


@pytest.mark.parametrize(
    ("before", "there", "message"),
    [
        ("old", "other", "was changed meanwhile: nothing is written"),
        ("old", None, "was changed meanwhile: nothing is written"),
        (None, "other", "is there by now: nothing is written"),
    ],
)
def test_somebody_elses_change_stops_all_edits(
    tmp_path: Path, before: str | None, there: str | None, message: str
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    if there is not None:
        second.write_text(there)
    with pytest.raises(EditError) as caught:
        write([Edit(str(first), None, "x"), Edit(str(second), before, "new")])
    assert (caught.value.message, str(caught.value.where)) == (message, str(second))
    assert caught.value.hint == "run this again"
    assert not first.exists()
    assert (second.read_text() if second.exists() else None) == there


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EditError) as caught:
        write([Edit(str(tmp_path / "file" / "below" / "a"), None, "x")])
    assert "not a directory" in caught.value.message


def test_a_draft_that_cannot_be_put_in_place_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(EditError, match=r"^cannot be written: permission denied$"):
        write([Edit(str(path), "old", "new")])
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


def test_the_name_of_a_folder_is_refused_before_it_is_made(tmp_path: Path) -> None:
    with pytest.raises(EditError, match="the name of a folder, and a file is wanted"):
        read(f"{tmp_path}/nosuch/")
    assert os.listdir(tmp_path) == []


def test_reading_what_is_no_text(tmp_path: Path) -> None:
    assert read(str(tmp_path / "gone")) is None
    (tmp_path / "bytes").write_bytes(b"\xff")
    with pytest.raises(EditError, match=r"^is no UTF-8 text$"):
        read(str(tmp_path / "bytes"))
    with pytest.raises(EditError, match=r"^cannot be read: is a directory$"):
        read(str(tmp_path))


def test_a_diff_shows_what_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    edit = Edit(str(tmp_path / "d" / "a.toml"), "one\ntwo\n", "one\n2\nthree")
    assert diff(edit).splitlines() == [
        "--- a/d/a.toml", "+++ b/d/a.toml", "@@ -1,2 +1,3 @@", " one", "-two", "+2", "+three",
        "\\ No newline at end of file",
    ]  # fmt: skip
    assert diff(Edit("a", None, "x\n")).splitlines() == ["--- /dev/null", "+++ b/a", "@@ -0,0 +1 @@", "+x"]
    assert diff(Edit("a", "x\n", "x\n")) == ""
