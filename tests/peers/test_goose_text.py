"""The real goose and ours on generated folders: everything that text and files alone decide.

Each number is a seed: it makes a folder of migrations, an environment and a .env file out of pieces that
matter to goose, then both programs answer the same calls in copies of their own.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.peer

OURS = [sys.executable, "-m", "greylag.cli.goose"]
SEEDS = range(40)

LINES = (
    b"-- +goose Up", b"-- +goose Up", b"-- +goose Down", b"-- +goose StatementBegin", b"-- +goose StatementEnd",
    b"-- +goose NO TRANSACTION", b"-- +goose ENVSUB ON", b"-- +goose ENVSUB OFF", b"--+goose up", b"-- +goose", b" -- +goose Up",
    b"-- +goose Nonsense", b"-- +goose Up +goose Up", b"-- remark", b"-- remark;", b"", b"", b"  ", b"\t", b";", b" ;", b"SELECT 1;",
    b"SELECT 1;", b"SELECT 1; -- c", b"SELECT 1;--c", b"SELECT 1", b"SELECT ';", b"'; --", b"END; $$", b"SELECT 1; SELECT 2;",
    b"SELECT '$A ${B:-x} $$';", b"SELECT $1;", b"SELECT ${;", b"SELECT '${A:1:2}${C?no}';", b"\xef\xbb\xbf-- +goose Down",
    b"SELECT '\xff';", b"\xc2\xa0", b"SELECT 1;\xc2\xa0", b"SELECT 1;\x1f", b"/* x; */", b"\x00", b"SELECT 1;\r", b"\r",
)  # fmt: skip
NAMES = (
    "00001_a.sql", "2_b.sql", "0003_c d.sql", "20240102030405_e.sql", "20250203040506_f.sql", "20251399000000_g.sql",
    "19690101000000_h.sql", "7_é한.sql", "8__i.sql", "+9_j.sql", "10_k.go", "20240506070809_l.go", "x.go", "11_m_test.go", "notes.txt",
)  # fmt: skip
BAD_NAMES = ("a.sql", "x_a.sql", "0_a.sql", ".5_a.sql", "99999999999999999999_a.sql", "_.sql", "1.5_a.sql")
GO = (
    "package m\n\nfunc init() {\n\tgoose.AddMigration(up, down)\n}\n",
    "package m\n\nfunc init() {\n\tgoose.AddMigrationNoTxContext(nil, down)\n}\n",
    "package m\n\nfunc init() {}\n",
    "package m\n\nfunc up() {}\n",
    "package m\n\nfunc init() {\n\tgoose.AddMigration(up)\n}\n",
    "",
)
DOTENV = (
    b"GOOSE_DRIVER=", b"GOOSE_TABLE: ", b"GOOSE_DBSTRING=", b"A=", b"export ", b"x", b"y z", b" # c", b"#", b"'", b'"', b"\\n", b"\\",
    b"$A", b"${A}", b"\\$A", b"\n", b"\n", b"\n", b"\r\n", b" ", b"\t", b"=", b"-", b"\xc3\xa9", b"\xff", b"\xc2\xa0",
)  # fmt: skip
WORDS = (
    "add users", "a-", "a--", "_x_", "camelCase", "Ünï", "사용자", "x²", "a.b", "!", "", "tab\tx", "ß ǆ", "2fa",
)  # fmt: skip
VALUES = ("", "alpha", "é", "'q\"", "a b\n", "%s", "\\")


def make(folder: Path, choice: random.Random) -> None:
    migrations = folder / "m"
    migrations.mkdir()
    names = choice.sample(NAMES, 7) + ([choice.choice(BAD_NAMES)] if choice.random() < 0.15 else [])
    for name in names:
        if name.endswith(".go"):
            (migrations / name).write_text(choice.choice(GO))
            continue
        start = [b"-- +goose Up"] if choice.random() < 0.85 else []
        lines = [*start, *choice.choices(LINES, k=choice.randint(0, 6))]
        (migrations / name).write_bytes(
            choice.choice((b"\n", b"\n", b"\r\n")).join(lines) + choice.choice((b"\n", b""))
        )
    (folder / ".env").write_bytes(b"".join(choice.choices(DOTENV, k=choice.randint(0, 14))))


def calls(folder: Path, choice: random.Random) -> list[list[str]]:
    files = sorted(path.name for path in (folder / "m").iterdir())
    return [
        ["validate", "-v", "-dir", "m"],
        *(["-v", "validate", "-dir", f"m/{name}"] for name in files),
        ["env"],
        ["-env", ".env", "env"],
        ["-env", "none", "env"],
        *(
            ["-s", "-dir", "m", "create", word, choice.choice(("sql", "go"))]
            for word in choice.sample(WORDS, 2)
        ),
        ["-dir", "m", "create", choice.choice(WORDS), "sql"],
        ["-dir", "m", "sqlite3", "x.db", "status"],
        ["-dir", "m", "fix"],
        ["-dir", "m", "fix"],
        ["-v", "validate", "-dir", "m"],
    ]


def answer(
    program: list[str], call: list[str], folder: Path, environment: dict[str, str]
) -> tuple[int, bytes, bytes]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GOOSE_", "NO_COLOR", "TZ"))
    }
    done = subprocess.run(
        [*program, *call],
        cwd=folder,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    return done.returncode, normal(done.stdout), normal(done.stderr)


def normal(text: bytes) -> bytes:
    text = re.sub(rb"(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", b"<LOG> ", text)
    text = re.sub(rb"(?s)\n\n(goroutine|hint:) .*", b"\n<TRACE>", text)
    # the count of Go's further syntax errors is its parser's own affair
    text = re.sub(rb" \(and \d+ more errors\)", b"", text)
    return re.sub(rb"20\d{12}", lambda found: b"<NOW>" if is_fresh(found[0]) else found[0], text)


def is_fresh(stamp: bytes) -> bool:
    """Whether 14 digits are a time of the last hour or so: such a version was made by this test."""
    hours = (time.strftime("%Y%m%d%H", time.gmtime(time.time() - past)) for past in (0, 3600))
    return stamp[:10].decode() in hours


def tree(folder: Path) -> dict[bytes, bytes]:
    return {normal(os.fsencode(path.name)): path.read_bytes() for path in (folder / "m").iterdir()}


@pytest.mark.parametrize("seed", SEEDS)
def test_both_say_and_write_the_same(seed: int, goose_binary: Path, tmp_path: Path) -> None:
    choice = random.Random(seed)
    real, ours = tmp_path / "real", tmp_path / "ours"
    real.mkdir()
    make(real, choice)
    shutil.copytree(real, ours)
    environment = {
        name: choice.choice(VALUES) for name in choice.sample(("A", "B", "GOOSE_TABLE", "GOOSE_DRIVER"), 2)
    }
    environment["TZ"] = choice.choice(("UTC", "Asia/Seoul"))
    for call in calls(real, choice):
        assert answer(OURS, call, ours, environment) == answer(
            [str(goose_binary)], call, real, environment
        ), call
        assert tree(ours) == tree(real), call
