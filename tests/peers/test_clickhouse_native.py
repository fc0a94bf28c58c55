"""The native protocol on today's engine: ours beside the real goose, and careful runs."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.plugins import clickhouse
from tests.plugins.clickhouse import ClickhouseServer
from tests.plugins.postgres import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.peer

pytest.importorskip("clickhouse_driver", reason="the package clickhouse-driver is not installed")

OURS = [sys.executable, "-m", "greylag.cli.goose"]
GREYLAG = [sys.executable, "-m", "greylag"]

_numbers = itertools.count(1)

TABLES = "CREATE TABLE {name} (id UInt64, note String) ENGINE = MergeTree ORDER BY id"
FILES = {
    "00001_visits.sql": (f"{TABLES.format(name='visits')};\nINSERT INTO visits VALUES (1, 'it''s'), (2, 'b');", "DROP TABLE visits;"),
    "00002_more.sql": ("ALTER TABLE visits ADD COLUMN n UInt8 DEFAULT 7;\nSELECT * FROM visits;", "ALTER TABLE visits DROP COLUMN n;"),
    "00003_orders.sql": (f"{TABLES.format(name='orders')};\nALTER TABLE visits UPDATE note = 'x' WHERE id = 1;", "DROP TABLE orders;"),
}  # fmt: skip


class Said(NamedTuple):
    code: int
    stdout: str
    stderr: str


class Node(NamedTuple):
    server: ClickhouseServer
    native: int

    def url(self, database: str, rest: str = "") -> str:
        return f"clickhouse://127.0.0.1:{self.native}/{database}{rest}"


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    if not clickhouse.is_there():
        pytest.skip(clickhouse.MISSING)
    base, port, native = Path(tempfile.mkdtemp(prefix="greylag-test-chn-")), free_port(), free_port()
    with (base / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.plugins.native_shim", str(port), str(base / "data"), str(native)],
            stdin=subprocess.PIPE, stdout=said, stderr=said, cwd=clickhouse.REPOSITORY,
            env={**os.environ, "TZ": "UTC"}, start_new_session=True,
        )  # fmt: skip
    server = ClickhouseServer(base, port, process)
    until = time.monotonic() + clickhouse.SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            server.ask("SELECT 1")
        except OSError:
            time.sleep(0.05)
        else:
            break
    yield Node(server, native)
    server.stop()
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def databases(node: Node) -> Iterator[tuple[str, str]]:
    """One for goose, one for ours."""
    number = next(_numbers)
    names = (f"theirs_{number}", f"ours_{number}")
    for name in names:
        node.server.ask(f"CREATE DATABASE {name}")
    yield names
    for name in names:
        node.server.ask(f"DROP DATABASE {name} SYNC")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "m"
    made.mkdir()
    for name, (up, down) in FILES.items():
        (made / name).write_text(f"-- +goose Up\n{up}\n\n-- +goose Down\n{down}\n")
    return made


def call(program: list[str], *words: str) -> Said:
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("GOOSE_", "GREYLAG_"))
    }
    done = subprocess.run([*program, *words], env=environ, capture_output=True, text=True, timeout=60)
    stderr = re.sub(r"(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", "", done.stderr)
    stderr = re.sub(r"(?m)^    \w{3} \w{3}.* -- ", "    <AT> -- ", stderr)
    return Said(done.returncode, done.stdout, re.sub(r"\([\d.]+(ns|µs|ms|s)\)", "(<TOOK>)", stderr))


def tables(node: Node, database: str) -> list[list[str]]:
    text = "SELECT name, engine FROM system.tables WHERE database = currentDatabase() ORDER BY name"
    return node.server.ask(text, database)


def both(goose: Path, node: Node, names: tuple[str, str], folder: Path, verb: str, rest: str = "") -> Said:
    """What goose says; ours says the same, and leaves the same."""
    theirs, ours = (
        call(program, "-dir", str(folder), "clickhouse", node.url(name, rest), *verb.split())
        for program, name in zip(([str(goose)], OURS), names, strict=True)
    )
    assert ours._replace(stderr=ours.stderr.replace(names[1], names[0])) == theirs, verb
    rows = "SELECT version_id, is_applied FROM goose_db_version ORDER BY version_id"
    if any(name == "goose_db_version" for name, _ in tables(node, names[0])):
        assert node.server.ask(rows, names[1]) == node.server.ask(rows, names[0]), verb
    assert tables(node, names[1]) == tables(node, names[0]), verb
    return theirs


def test_the_walk(goose_binary: Path, node: Node, databases: tuple[str, str], folder: Path) -> None:
    for verb in (
        "status",
        "up-by-one",
        "up",
        "status",
        "up",
        "down",
        "version",
        "redo",
        "up-to 3",
        "reset",
        "status",
    ):
        assert both(goose_binary, node, databases, folder, verb).code == 0, verb


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CREATE TABLE v (x Int8) ENGINE = Memory;\nALTER TABLE missing ADD COLUMN x Int8;", 1),
        ("CREATE TABL v;", 1),
        ("INSERT INTO missing VALUES (1);", 1),
        ("-- +goose StatementBegin\nSELECT 1; SELECT 2;\n-- +goose StatementEnd", 1),
        ("SET max_threads = 3;\nSELECT 'é', '?', '$1', '{x:Int8}';", 0),
    ],
)
def test_files_that_fail(
    goose_binary: Path, node: Node, databases: tuple[str, str], folder: Path, text: str, code: int
) -> None:
    (folder / "00002_more.sql").write_text(f"-- +goose Up\n{text}\n")
    for verb in ("up", "status", "up"):
        both(goose_binary, node, databases, folder, verb)
    assert both(goose_binary, node, databases, folder, "up").code == code


@pytest.mark.parametrize("rest", ["?max_threads=2", "?sslmode=disable", "?dial_timeout=5s&read_timeout=20s"])
def test_parameters(
    goose_binary: Path, node: Node, databases: tuple[str, str], folder: Path, rest: str
) -> None:
    both(goose_binary, node, databases, folder, "status", rest)
    both(goose_binary, node, databases, folder, "up", rest)


def test_a_database_that_is_not_there(goose_binary: Path, node: Node, folder: Path) -> None:
    words = ("-dir", str(folder), "clickhouse", node.url("nowhere"), "status")
    theirs, ours = call([str(goose_binary)], *words), call(OURS, *words)
    assert ours == theirs
    assert "code: 81" in ours.stderr


def test_a_careful_run_fails_and_goes_on(node: Node, databases: tuple[str, str], folder: Path) -> None:
    name = databases[1]
    place = ("--dir", str(folder), "--dsn", node.url(name))
    good = (folder / "00003_orders.sql").read_text()
    (folder / "00003_orders.sql").write_text(good.replace("WHERE id = 1", "WHERE nope = 1"))
    failed = call(GREYLAG, "up", *place)
    assert failed.code == 1
    assert "code: 47" in failed.stdout + failed.stderr
    (folder / "00003_orders.sql").write_text(good)
    again = call(GREYLAG, "up", *place)
    assert (again.code, "goes on with statement 2" in again.stdout + again.stderr) == (0, True), again
    assert node.server.ask("SELECT id, note, n FROM visits ORDER BY id", name) == [[1, "x", 7], [2, "b", 7]]
    assert [row[0] for row in tables(node, name)] == [
        "goose_db_version",
        "greylag_journal",
        "orders",
        "visits",
    ]
    assert call(GREYLAG, "down", *place).code == 0
    assert node.server.ask("SELECT max(version_id) FROM goose_db_version", name) == [[2]]
