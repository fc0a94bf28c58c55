from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError
from greylag.operations.fix import fix

if TYPE_CHECKING:
    from pathlib import Path


def test_files_are_renamed_as_the_answer_is_read(tmp_path: Path) -> None:
    (tmp_path / "20250101000000_a.sql").write_text("")
    steps = fix(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["20250101000000_a.sql"]
    assert list(steps) == [("20250101000000_a.sql", "00001_a.sql")]
    assert [path.name for path in tmp_path.iterdir()] == ["00001_a.sql"]


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(FilesError, match="no migration files found"):
        list(fix(str(tmp_path)))
