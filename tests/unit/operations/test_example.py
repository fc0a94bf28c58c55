"""The example is found and copied once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from greylag.errors import EditError
from greylag.operations.example import copy_example, example_folder, has_clickhouse
from tests.plugins.clickhouse import is_there


def test_it_is_there() -> None:
    assert (Path(example_folder()) / "greylag.toml").is_file()


def test_a_copy_is_whole_and_is_left_alone_afterwards(tmp_path: Path) -> None:
    copy, source = tmp_path / "deep" / "copy", Path(example_folder())
    assert copy_example(str(copy)) is True
    names = [sorted(path.relative_to(root) for path in root.rglob("*")) for root in (copy, source)]
    assert names[0] == names[1]
    (copy / "greylag.toml").write_text("mine")
    assert copy_example(str(copy)) is False
    assert (copy / "greylag.toml").read_text() == "mine"


def test_a_folder_with_something_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(EditError, match="is not empty"):
        copy_example(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_place_where_nothing_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EditError, match="cannot be made"):
        copy_example(str(tmp_path / "file" / "copy"))


def test_whether_clickhouse_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert has_clickhouse() == is_there()
    monkeypatch.setitem(sys.modules, "chdb", None)
    assert not has_clickhouse()
