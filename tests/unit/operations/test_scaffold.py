from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError
from greylag.operations.scaffold import scaffold

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_is_made_once(tmp_path: Path) -> None:
    folder = f"{tmp_path}/a/b"
    assert scaffold(folder, now=0.0) == f"{folder}/19700101000000_initial.sql"
    with pytest.raises(FilesError, match="directory already exists"):
        scaffold(folder, now=0.0)
