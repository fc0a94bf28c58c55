from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError
from greylag.operations.validate import FileFacts, validate

if TYPE_CHECKING:
    from pathlib import Path

SOUND = "-- +goose Up\nSELECT 1;\nSELECT 2;\n-- +goose Down\nSELECT 3;\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m").mkdir()


def fault(path: str) -> str:
    with pytest.raises(FilesError) as caught:
        list(validate(path))
    return caught.value.message


def test_files_in_order_of_paths(tmp_path: Path) -> None:
    for name in ("2_b.sql", "10_a.sql", "2_twice.sql"):
        (tmp_path / "m" / name).write_text(SOUND)
    (tmp_path / "m/1_n.sql").write_text("-- +goose NO TRANSACTION\n-- +goose Up\n")
    (tmp_path / "m/4_g.go").write_text("package m\nfunc init() { g.AddMigration(up, nil) }\n")
    (tmp_path / "m/readme.md").write_text("no")
    (tmp_path / "m/sub").mkdir()
    assert list(validate("./m//")) == [
        FileFacts("m/10_a.sql", True, 2, 1),
        FileFacts("m/1_n.sql", False, 0, 0),
        FileFacts("m/2_b.sql", True, 2, 1),
        FileFacts("m/2_twice.sql", True, 2, 1),
        FileFacts("m/4_g.go", True, 1, 0),
    ]


def test_one_file_keeps_its_path(tmp_path: Path) -> None:
    (tmp_path / "m/1_a.sql").write_text(SOUND)
    (tmp_path / "m/notes.txt").write_text("no")
    assert list(validate("./m//1_a.sql")) == [FileFacts("./m//1_a.sql", True, 2, 1)]
    assert list(validate("m/notes.txt")) == []


def test_faults(tmp_path: Path) -> None:
    assert fault("none") == "stat none: no such file or directory"
    assert fault("") == "stat : no such file or directory"
    (tmp_path / "m/bad.sql").write_text(SOUND)
    assert fault("m") == "failed to get version from file \"m/bad.sql\": no filename separator '_' found"
    (tmp_path / "m/bad_test.go").write_text("package m\n")
    assert fault("m/bad_test.go").startswith(
        'failed to get version from file "m/bad_test.go": failed to parse'
    )
    (tmp_path / "m/1_d.sql").mkdir()
    assert fault("m") == 'failed to parse file "m/1_d.sql": read m/1_d.sql: is a directory'
    (tmp_path / "m/1_d.sql").rmdir()
    (tmp_path / "m/1_d.sql").write_text("SELECT 1;\n")
    assert fault("m").startswith(
        'failed to parse file "m/1_d.sql": failed to parse migration: unexpected state 0'
    )
    (tmp_path / "m/1_g.go").write_text("package m\n")
    assert fault("m/1_g.go") == 'failed to parse file "m/1_g.go": no init function'
    os.symlink("nowhere", tmp_path / "m/0_l.sql")
    assert fault("m") == "open m/0_l.sql: no such file or directory"
