from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError
from greylag.migrations.fix import fix, is_number, is_stamp

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("version", "stamp", "number"),
    [
        (1, False, True),
        (20251220012000, True, False),
        (20240229235959, True, False),
        (20230229000000, False, True),  # no leap year
        (19000229000000, False, True),
        (20000229000000, True, False),
        (20250431000000, False, True),
        (20251399000000, False, True),
        (20251200000000, False, True),
        (20251220240000, False, True),
        (20251220236000, False, True),
        (20251220235960, False, True),
        (19691231235959, False, True),
        (19700101000000, False, False),  # goose leaves it out of both lists
        (19700101000001, True, False),
        (202512200120001, False, True),
    ],
)
def test_what_is_a_time_stamp(version: int, stamp: bool, number: bool) -> None:
    assert (is_stamp(version), is_number(version)) == (stamp, number)


def test_stamps_follow_the_highest_number_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("20250102000000_b.sql", "20250101000000_a.go", "00003_x.sql", "20251399000000_odd.sql"):
        (tmp_path / name).write_text(name)
    assert list(fix(".")) == [
        ("20250101000000_a.go", "20251399000001_a.go"),
        ("20250102000000_b.sql", "20251399000002_b.sql"),
    ]
    assert (tmp_path / "20251399000002_b.sql").read_text() == "20250102000000_b.sql"
    assert list(fix(".")) == []


def test_the_first_digits_of_the_path_are_replaced_wherever_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "20250101000000"
    folder.mkdir()
    (folder / "20250101000000_a.sql").write_text("")
    with pytest.raises(FilesError) as caught:
        list(fix("20250101000000"))
    assert caught.value.message == (
        "rename 20250101000000/20250101000000_a.sql 00001/20250101000000_a.sql: no such file or directory"
    )
    (tmp_path / "00001").mkdir()
    assert list(fix("20250101000000")) == [("20250101000000_a.sql", "20250101000000_a.sql")]
    assert (tmp_path / "00001/20250101000000_a.sql").exists()


def test_a_folder_closed_to_writing_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("20250101000000_a.sql", "20250102000000_b.sql"):
        (tmp_path / name).write_text("")
    steps = fix(".")
    assert next(steps) == ("20250101000000_a.sql", "00001_a.sql")

    def refuse(old: str, new: str) -> None:
        raise PermissionError(13, "Permission denied", old, None, new)

    monkeypatch.setattr("os.rename", refuse)
    with pytest.raises(FilesError) as caught:
        next(steps)
    assert caught.value.message == "rename 20250102000000_b.sql 00002_b.sql: permission denied"
