from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.cli.goose.flags import parse_flags
from greylag.cli.goose.settings import Settings, load_env_file
from greylag.errors import EnvFileError

if TYPE_CHECKING:
    from pathlib import Path


def test_defaults_and_empty_variables() -> None:
    flags, _ = parse_flags([])
    for environ in ({}, {"GOOSE_TABLE": "", "GOOSE_MIGRATION_DIR": "", "NO_COLOR": "yes"}):
        settings = Settings(environ)
        assert (settings.folder(flags), settings.version_table(flags)) == (".", "goose_db_version")
        assert settings.no_color is False


def test_flags_win_but_an_explicit_dot_cannot_be_told() -> None:
    settings = Settings({"GOOSE_TABLE": "t", "GOOSE_MIGRATION_DIR": "m", "NO_COLOR": "T"})
    assert settings.no_color is True
    for argv, folder in (([], "m"), (["-dir", "."], "m"), (["-dir", "./"], "./"), (["-dir", ""], "")):
        assert settings.folder(parse_flags(argv)[0]) == folder
    assert settings.version_table(parse_flags(["-table", "x"])[0]) == "x"
    assert settings.version_table(parse_flags(["-table", ""])[0]) == "t"


@pytest.mark.parametrize(
    ("environ", "words", "merged"),
    [
        ({}, ["up"], ["up"]),
        ({"GOOSE_DRIVER": "pgx"}, ["DSN", "up"], ["pgx", "DSN", "up"]),
        ({"GOOSE_DBSTRING": "DSN"}, ["pgx", "up"], ["pgx", "DSN", "up"]),
        ({"GOOSE_DRIVER": "pgx", "GOOSE_DBSTRING": "DSN"}, ["up"], ["pgx", "DSN", "up"]),
        ({"GOOSE_DRIVER": "pgx", "GOOSE_DBSTRING": "DSN"}, ["a", "b", "up"], ["pgx", "DSN", "a", "b", "up"]),
    ],
)
def test_driver_and_source_are_put_in_front(
    environ: dict[str, str], words: list[str], merged: list[str]
) -> None:
    assert Settings(environ).merged(words) == merged


def test_env_lines_are_quoted_as_go_quotes() -> None:
    lines = Settings({"GOOSE_DRIVER": 'p"q', "GOOSE_DBSTRING": "a\tb\udcff", "NO_COLOR": "1"}).lines()
    assert lines == (
        'GOOSE_DRIVER="p\\"q"\nGOOSE_DBSTRING="a\\tb\\xff"\nGOOSE_MIGRATION_DIR="."\nGOOSE_TABLE=""\n'
        'NO_COLOR="true"\n'
    )


def test_env_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environ: dict[str, str] = {}
    assert load_env_file("", environ) == []
    (tmp_path / ".env").write_text("A=1\n")
    (tmp_path / "other").write_text("B=2\n")
    assert load_env_file("none", environ) == []
    assert load_env_file("other", environ) == ["B"]
    assert load_env_file("", environ) == ["A"]
    assert environ == {"A": "1", "B": "2"}
    (tmp_path / ".env").write_text("C=3\nbad-name=1\n")
    assert load_env_file("", environ) == []
    with pytest.raises(EnvFileError):
        load_env_file(".env", environ)
    with pytest.raises(EnvFileError, match="no such file"):
        load_env_file("absent", environ)
    (tmp_path / ".env").unlink()
    (tmp_path / ".env").mkdir()
    assert load_env_file("", environ) == []
    assert environ == {"A": "1", "B": "2"}
