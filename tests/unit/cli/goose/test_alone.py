from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from greylag.cli.goose.main import run

if TYPE_CHECKING:
    from pathlib import Path

SOUND = "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\nSELECT 3;\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m").mkdir()
    return tmp_path / "m"


def lines(capfd: pytest.CaptureFixture[str]) -> list[str]:
    """What went to stderr, without stamps."""
    return [line[20:] for line in capfd.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["a b", "sql"], "_a_b.sql"),
        (["a"], "_a.go"),
        (["a", "txt", "more"], "_a.go"),
        (["a", "txt"], "_a.txt"),
    ],
)
def test_create(words: list[str], name: str, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["-dir", "m", "create", *words], {}) == 0
    (made,) = folder.iterdir()
    assert lines(capfd) == [f"Created new file: m/{made.name}"]
    assert re.fullmatch(r"\d{14}" + re.escape(name), made.name)


def test_create_in_the_long_form_opens_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["-s", "-dir", "m", "mysql", "nonsense", "create", "a", "sql"], {}) == 0
    assert lines(capfd) == ["Created new file: m/00001_a.sql"]


def test_create_without_a_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["create"], {}) == 1
    assert lines(capfd)[0].startswith("goose run: create must be of form: goose DRIVER DBSTRING")


def test_fix(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "20250101000000_a.sql").write_text(SOUND)
    assert run(["-dir", "m", "fix"], {}) == 0
    assert lines(capfd) == ["RENAMED 20250101000000_a.sql => 00001_a.sql"]
    assert run(["-dir", "m", "sqlite3", "x.db", "fix"], {}) == 0
    assert lines(capfd) == []


def test_init(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["init"], {}) == 0
    (made,) = (tmp_path / "migrations").iterdir()
    assert lines(capfd) == [f"Created new file: migrations/{made.name}"]
    assert run(["init"], {"GOOSE_MIGRATION_DIR": "migrations"}) == 1
    assert lines(capfd) == ["goose run: directory already exists: migrations"]


def test_env(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["env"], {"GOOSE_DBSTRING": "postgres://u:p@h/d"}) == 0
    assert 'GOOSE_DBSTRING="postgres://u:p@h/d"\n' in capfd.readouterr().out


def test_validate(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "1_a.sql").write_text(SOUND)
    (folder / "2_b.go").write_text("package m\nfunc init() { goose.AddMigrationNoTx(up, nil) }\n")
    assert run(["-dir", "m", "validate"], {}) == 0
    assert capfd.readouterr() == ("", "")
    assert run(["-dir", "m", "-v", "validate"], {}) == 0
    assert capfd.readouterr().out.splitlines() == [
        "Type   Txn   Up   Down   Name      ",
        "────   ───   ──   ────   ────      ",
        "sql    ✔     1    2      1_a.sql   ",
        "go     ✘     1    0      2_b.go    ",
    ]
    (folder / "3_c.sql").write_text("SELECT 1;\n")
    assert run(["-dir", "m", "-v", "validate"], {}) == 1
    assert capfd.readouterr().err[20:].startswith('goose validate: failed to parse file "m/3_c.sql": ')


def test_beta(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["beta"], {}) == 1
    assert lines(capfd) == ["goose beta: missing subcommand"]
    assert run(["beta", "other"], {}) == 0
    assert capfd.readouterr() == ("", "")
    assert run(["beta", "drivers"], {}) == 0
    assert "  pgx, pgx/v5\n  sqlite\n" in capfd.readouterr().out
