from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from greylag.errors import FilesError
from greylag.migrations.create import SQL_TEXT, create, next_number, write_new
from greylag.migrations.parser import parse
from greylag.model.migration import Migration

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_766_193_600.0  # 2025-12-20 01:20:00 UTC


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refusal(folder: str, name: str = "x", kind: str = "sql", *, sequential: bool = False) -> str:
    with pytest.raises(FilesError) as caught:
        create(folder, name, kind, now=NOW, sequential=sequential)
    return caught.value.message


def test_a_time_stamp_in_utc(tmp_path: Path) -> None:
    assert create(".", "Add it", "sql", now=NOW) == "20251220012000_add_it.sql"
    assert (tmp_path / "20251220012000_add_it.sql").read_text() == SQL_TEXT
    (tmp_path / "m").mkdir()
    assert create("./m//../m/", "b", "txt", now=NOW) == "m/20251220012000_b.txt"


def test_what_is_written_is_what_the_parser_takes(tmp_path: Path) -> None:
    path = create(str(tmp_path), "x", "sql", now=NOW)
    for direction in ("up", "down"):
        assert parse(Migration(1, path), direction).count == 1  # type: ignore[arg-type]


def test_go_text_carries_the_name(tmp_path: Path) -> None:
    text = (tmp_path / create(str(tmp_path), "add it", "go", now=NOW)).read_text()
    assert text.startswith('package migrations\n\nimport (\n\t"context"\n')
    assert "\tgoose.AddMigrationContext(upAddIt, downAddIt)\n" in text
    assert text.count("AddIt") == 4


def test_the_type_is_not_checked(tmp_path: Path) -> None:
    assert create("", "a", "", now=NOW) == "20251220012000_a."
    assert create("", "a", "%s{{.}}", now=NOW) == "20251220012000_a.%s{{.}}"
    (tmp_path / "20251220012000_a.d").mkdir()
    assert create("", "a", "d/x", now=NOW) == "20251220012000_a.d/x"
    assert create("", "a", "/../y", now=NOW) == "y"


def test_numbers_follow_the_highest_that_is_no_time_stamp(tmp_path: Path) -> None:
    assert next_number(".") == 1
    for name in ("00007_a.sql", "9_b.go", "20251220012000_c.sql", "bad.go"):
        (tmp_path / name).write_text("")
    assert create(".", "x", "sql", now=NOW, sequential=True) == "00010_x.sql"
    (tmp_path / "123456_d.sql").write_text("")
    assert create(".", "x", "sql", now=NOW, sequential=True) == "123457_x.sql"


def test_refusals(tmp_path: Path) -> None:
    assert refusal("none") == (
        "failed to create migration file: open none/20251220012000_x.sql: no such file or directory"
    )
    assert refusal("none", sequential=True) == "none directory does not exist"
    create(".", "x", "sql", now=NOW)
    assert refusal(".") == "failed to create migration file: %!w(<nil>)"
    assert refusal("20251220012000_x.sql") == (
        "failed to create migration file: stat 20251220012000_x.sql/20251220012000_x.sql: not a directory"
    )
    long = "a" * 300
    assert refusal(".", long) == (
        f"failed to create migration file: stat 20251220012000_{long}.sql: file name too long"
    )
    (tmp_path / "bad.sql").write_text("")
    assert refusal(".", sequential=True).startswith('could not parse SQL migration file "bad.sql": ')


def test_bytes_that_are_no_text_stay_in_the_path(tmp_path: Path) -> None:
    assert write_new("a\udcff/..", "\udcfe.sql", "x") == "\udcfe.sql"
    assert os.fsencode(os.listdir(tmp_path)[0]) == b"\xfe.sql"
