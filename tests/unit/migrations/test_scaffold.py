from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError, ParseError
from greylag.migrations.parser import parse
from greylag.migrations.scaffold import scaffold
from greylag.model.migration import Migration

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_766_193_600.0


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_folder_parents_and_first_file(tmp_path: Path) -> None:
    assert scaffold("db/m//", now=NOW) == "db/m/20251220012000_initial.sql"
    assert scaffold("seq", now=NOW, sequential=True) == "seq/00001_initial.sql"
    text = (tmp_path / "seq/00001_initial.sql").read_text()
    assert text.startswith("-- Thank you")
    assert text.endswith("-- +goose Down\nSELECT 'down SQL query';\n")


def test_gooses_own_first_file_is_refused_by_its_parser() -> None:
    path = scaffold("m", now=NOW)
    with pytest.raises(ParseError, match="failed to parse annotation line"):
        parse(Migration(1, path), "up")


def test_refusals(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder, message in (
        (".", "directory already exists: ."),
        ("file", "directory already exists: file"),
        ("file/x", "stat file/x: not a directory"),
        ("a" * 300, f"stat {'a' * 300}: file name too long"),
    ):
        with pytest.raises(FilesError) as caught:
            scaffold(folder, now=NOW)
        assert caught.value.message == message
