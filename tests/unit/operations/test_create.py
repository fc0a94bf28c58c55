from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError
from greylag.operations.create import create

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_made_once(tmp_path: Path) -> None:
    path = create(str(tmp_path), "add it", "sql", now=0.0)
    assert path == f"{tmp_path}/19700101000000_add_it.sql"
    with pytest.raises(FilesError):
        create(str(tmp_path), "add it", "sql", now=0.0)
    assert create(str(tmp_path), "b", "go", now=0.0, sequential=True) == f"{tmp_path}/00001_b.go"
