from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest

from greylag.cli.goose.main import run
from greylag.cli.goose.runs import RUNS

if TYPE_CHECKING:
    from pathlib import Path

DONE = re.compile(r" \((?:0s|\d+(?:\.\d\d?)?(?:ns|µs|ms|s))\)$")


class Folder:
    """A folder of migrations and a database, driven through the program."""

    def __init__(self, base: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.base = base
        self.capfd = capfd
        for number in (1, 2, 3):
            self.write(number)

    def write(self, number: int, up: str = "", down: str = "") -> None:
        up = up or f"CREATE TABLE t{number} (id int);"
        down = down or f"DROP TABLE t{number};"
        text = f"-- +goose Up\n{up}\n-- +goose Down\n{down}\n"
        (self.base / f"m/{number:05d}_t{number}.sql").write_text(text)

    def goose(self, *words: str) -> tuple[int, list[str]]:
        """Exit code and lines of stderr, stamps and durations cut off."""
        code = run(["-dir", "m", "sqlite3", "x.db", *words], {})
        out, err = self.capfd.readouterr()
        assert out == ""
        return code, [DONE.sub("", line[20:]) for line in err.splitlines()]

    def execute(self, statement: str) -> None:
        with sqlite3.connect(self.base / "x.db") as connection:
            connection.execute(statement)
        connection.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Folder:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m").mkdir()
    return Folder(tmp_path, capfd)


def test_up_and_down(folder: Folder) -> None:
    ok = [f"OK   0000{number}_t{number}.sql" for number in (1, 2, 3)]
    done = "goose: successfully migrated database to version: 3"
    nothing = "goose: no migrations to run. current version: "
    assert folder.goose("up-by-one") == (0, ok[:1])
    assert folder.goose("up-to", "2") == (0, [ok[1], "goose: successfully migrated database to version: 2"])
    assert folder.goose("up") == (0, [ok[2], done])
    assert folder.goose("up") == (0, [f"{nothing}3"])
    assert folder.goose("up-by-one") == (1, [f"{nothing}3", "goose run: no next version found"])
    assert folder.goose("redo") == (0, [ok[2], ok[2]])
    assert folder.goose("down") == (0, [ok[2]])
    assert folder.goose("version") == (0, ["goose: version 2"])
    assert folder.goose("down-to", "1") == (0, [ok[1], f"{nothing}1"])
    assert folder.goose("reset") == (0, [ok[0]])
    assert folder.goose("down") == (1, ["goose run: migration 0: no current version found"])
    assert folder.goose("redo") == (1, ["goose run: no current version found"])
    assert folder.goose("down-to", "0") == (0, [f"{nothing}0"])


def test_status(folder: Folder) -> None:
    head = ["    Applied At                  Migration", "    " + "=" * 39]
    folder.write(4, up="SELECT 1;")
    folder.goose("up-to", "1")
    folder.execute("UPDATE goose_db_version SET tstamp = '2025-12-02 01:02:03' WHERE version_id = 1")
    code, lines = folder.goose("status")
    assert (code, lines[:2]) == (0, head)
    assert lines[2:] == [
        "    Tue Dec  2 01:02:03 2025 -- 00001_t1.sql",
        *(f"    Pending                  -- 0000{number}_t{number}.sql" for number in (2, 3, 4)),
    ]
    code, lines = folder.goose("-no-versioning", "status")
    assert lines[2] == "    no versioning            -- 00001_t1.sql"


def test_status_stops_where_a_time_cannot_be_read(folder: Folder) -> None:
    folder.goose("up-to", "2")
    folder.execute("UPDATE goose_db_version SET tstamp = NULL WHERE version_id = 2")
    code, lines = folder.goose("status")
    assert (code, len(lines)) == (1, 4)
    assert lines[3].startswith(
        "goose run: failed to print status: failed to query the latest migration: sql: "
    )


def test_without_versioning(folder: Folder) -> None:
    ok = [f"OK   0000{number}_t{number}.sql" for number in (1, 2, 3)]
    assert folder.goose("-no-versioning", "version") == (0, ["goose: file version 3"])
    assert folder.goose("-no-versioning", "up") == (0, [*ok, "goose: up to current file version: 3"])
    assert folder.goose("-no-versioning", "redo") == (0, [ok[2], ok[2]])
    assert folder.goose("-no-versioning", "down") == (0, [ok[2], "goose: down to current file version: 2"])
    folder.execute("CREATE TABLE t3 (id int)")
    down_to = folder.goose("-no-versioning", "down-to", "1")
    assert down_to == (0, [ok[2], ok[1], "goose: down to current file version: 1"])
    folder.execute("CREATE TABLE t2 (id int)")
    folder.execute("CREATE TABLE t3 (id int)")
    reset = folder.goose("-no-versioning", "reset")
    assert reset == (0, [*reversed(ok), "goose: down to current file version: 0"])


def test_missing_versions(folder: Folder) -> None:
    folder.goose("up")
    (folder.base / "m/00002_x.sql").write_text("-- +goose Up\n")
    (folder.base / "m/00002_t2.sql").unlink()
    folder.execute("DELETE FROM goose_db_version WHERE version_id = 2")
    assert run(["-dir", "m", "sqlite3", "x.db", "up"], {}) == 1
    assert folder.capfd.readouterr().err[20:] == (
        "goose run: error: found 1 missing migrations before current version 3:\n\tversion 2: m/00002_x.sql\n"
    )
    assert folder.goose("up", "-allow-missing") == (
        0,
        ["EMPTY 00002_x.sql", "goose: successfully migrated database to version: 2"],
    )


def test_a_file_that_is_gone(folder: Folder) -> None:
    folder.goose("up")
    (folder.base / "m/00003_t3.sql").unlink()
    assert folder.goose("down") == (1, ["goose run: migration 3: no current version found"])
    assert folder.goose("redo") == (1, ["goose run: no current version found"])
    assert folder.goose("down-to", "1") == (
        1,
        [
            "goose: migration file not found for current version (3), error: no current version found",
            "goose run: no current version found",
        ],
    )


def test_errors_in_files(folder: Folder) -> None:
    folder.write(2, up="SELECT nosuch;", down="SELECT nosuch;")
    code, lines = folder.goose("up")
    assert code == 1
    assert lines == [
        "OK   00001_t1.sql",
        (
            "goose run: ERROR 00002_t2.sql: failed to run SQL migration: failed to execute SQL query "
            '"SELECT nosuch;": SQL logic error: no such column: nosuch (1)'
        ),
    ]
    folder.write(2, up="SELECT 1;", down="SELECT nosuch;")
    folder.write(3, up="SELECT 1")
    code, lines = folder.goose("up")
    assert lines[1].startswith(
        "goose run: ERROR 00003_t3.sql: failed to parse SQL migration file: failed to parse"
    )
    code, lines = folder.goose("reset")
    assert code == 1
    assert lines[0].startswith(
        "goose run: failed to db-down: ERROR 00002_t2.sql: failed to run SQL migration: "
    )
    (folder.base / "m/00003_t3.sql").unlink()
    (folder.base / "m/00003_t3.go").write_text("package m\n")
    code, lines = folder.goose("up")
    assert lines[0].startswith(
        "goose run: ERROR m/00003_t3.go: failed to run Go migration: Go functions must"
    )


def test_prefixes_of_folder_and_table_errors(folder: Folder) -> None:
    for command, prefix in (
        ("status", "failed to collect migrations: "),
        ("reset", "failed to collect migrations: "),
        ("up", ""),
        ("down", ""),
    ):
        code = run(["-dir", "none", "sqlite3", "x.db", command], {})
        assert code == 1
        assert folder.capfd.readouterr().err[20:] == f"goose run: {prefix}none directory does not exist\n"
    assert folder.goose("reset")[1][0].startswith(
        "goose run: failed to get status of migrations: SQL logic error: no"
    )
    folder.goose("version")
    folder.execute("DELETE FROM goose_db_version")
    assert folder.goose("status") == (1, ["goose run: failed to ensure DB version: no next version found"])
    assert folder.goose("version") == (1, ["goose run: no next version found"])


@pytest.mark.parametrize("command", ["up-to", "down-to"])
def test_target_versions(folder: Folder, command: str) -> None:
    form = f"goose run: {command} must be of form: goose DRIVER DBSTRING [OPTIONS] {command} VERSION"
    assert folder.goose(command) == (1, [form])
    for word in ("abc", "1.5", "", "9" * 30, "0x1"):
        assert folder.goose(command, word) == (1, [f"goose run: version must be a number (got '{word}')"])
    assert not (folder.base / "x.db").exists()


def test_extra_words_are_ignored(folder: Folder) -> None:
    assert folder.goose("up-to", "+1", "more", "words")[0] == 0
    assert set(RUNS) == {
        "up", "up-by-one", "up-to", "down", "down-to", "redo", "reset", "status", "version",
    }  # fmt: skip
