"""What the demo refuses; the whole of it is run in tests/roads/test_demo.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


def test_a_folder_in_use_is_left_alone(here: Here) -> None:
    here.write(1)
    answer = here.greylag("demo", "migrations")
    assert answer.code == 1 and "is not empty" in answer.err and "greylag demo FOLDER" in answer.err
    assert [path.name for path in (here.base / "migrations").iterdir()] == ["00001_t.sql"]


def test_a_file_is_no_folder(here: Here) -> None:
    (here.base / "file").write_text("")
    assert here.greylag("demo", "file").code == 2
