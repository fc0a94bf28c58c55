"""The built wheel does the main jobs in an empty environment."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from greylag import __version__

ROOT = Path(__file__).parents[2]
MOST_MEGABYTES = 70
SECONDS = 300
UP = "-- +goose Up\nCREATE TABLE birds (id int);\n-- +goose Down\nDROP TABLE birds;\n"
NOT_FOR_GOOSE = {"click", "psycopg", "rich", "pglast"}


def run(
    *words: object, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(word) for word in words],
        capture_output=True, text=True, timeout=SECONDS, cwd=cwd, env={**clean, **(env or {})},
    )  # fmt: skip


def pip(*words: object, python: object = sys.executable) -> None:
    answer = run(python, "-m", "pip", "--disable-pip-version-check", "--quiet", *words)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def constraints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The locked versions without hashes: the wheel, made just now, has none to be checked."""
    pins = re.findall(
        r"^[\w.-]+==[^\\\n]+", (ROOT / "requirements" / "demo.lock").read_text("utf-8"), re.MULTILINE
    )
    assert len(pins) > 5
    file = tmp_path_factory.mktemp("constraints") / "pins.txt"
    file.write_text("\n".join(pins))
    return file


@pytest.fixture(scope="module")
def base(wheel: Path, constraints: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``pip install --target`` of the base."""
    folder = tmp_path_factory.mktemp("target")
    pip("install", "--target", folder, "--constraint", constraints, wheel)
    return folder


@dataclass
class Installation:
    """An environment that holds greylag's base alone."""

    bin: Path
    home: Path

    def __call__(self, program: str, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
        homes = {"HOME": str(self.home), "XDG_DATA_HOME": str(self.home / "data")}
        return run(self.bin / program, *words, cwd=cwd, env=homes)


@pytest.fixture(scope="module")
def installed(wheel: Path, constraints: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("empty")
    made = run(sys.executable, "-m", "venv", folder / "venv")
    assert made.returncode == 0, made.stderr
    pip("install", "--constraint", constraints, wheel, python=folder / "venv" / "bin" / "python")
    (folder / "home").mkdir()
    return Installation(folder / "venv" / "bin", folder / "home")


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "00001_birds.sql").write_text(UP)
    return folder


def test_versions(installed: Installation, tmp_path: Path) -> None:
    assert installed("goose", "-version", cwd=tmp_path).stdout == "goose version: v3.27.3\n"
    answer = installed("greylag", "--version", cwd=tmp_path)
    assert (answer.returncode, __version__ in answer.stdout) == (0, True)


def test_goose_up_on_sqlite(installed: Installation, migrations: Path, tmp_path: Path) -> None:
    answer = installed("goose", "-dir", migrations, "sqlite3", "birds.db", "up", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "OK   00001_birds.sql" in answer.stderr + answer.stdout
    with closing(sqlite3.connect(tmp_path / "birds.db")) as connection:
        assert connection.execute("SELECT version_id FROM goose_db_version ORDER BY id").fetchall() == [
            (0,),
            (1,),
        ]


def test_goose_up_on_postgres(installed: Installation, migrations: Path, database: str) -> None:
    import psycopg

    answer = installed("goose", "-dir", migrations, "postgres", database, "up", cwd=migrations)
    assert answer.returncode == 0, answer.stderr
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT version_id FROM goose_db_version ORDER BY id").fetchall() == [
            (0,),
            (1,),
        ]
        assert connection.execute("SELECT count(*) FROM birds").fetchone() == (0,)


def test_the_texts_of_templates_are_in_it(installed: Installation, migrations: Path) -> None:
    words = ("new", "tags", "--template", "not-null", "--on", "birds", "--column", "tag")
    answer = installed("greylag", *words, cwd=migrations.parent)
    assert answer.returncode == 0, answer.stderr
    assert len(answer.stdout.split()) == 4


def test_without_the_extra_one_line_says_what_to_install(installed: Installation, tmp_path: Path) -> None:
    # a PostgreSQL 16 of the machine would do as well
    program = (
        "import sys; import greylag.databases.postgres.embedded.sources as sources; sources._SYSTEM_FOLDERS = ()\n"
        "from greylag.cli.main import main; sys.argv = ['greylag', 'server', 'start']; sys.exit(main())"
    )
    homes = {
        "HOME": str(installed.home),
        "XDG_DATA_HOME": str(installed.home / "data"),
        "PATH": str(installed.bin),
    }
    answer = run(installed.bin / "python", "-c", program, cwd=tmp_path, env=homes)
    assert (answer.returncode, answer.stdout) == (1, "")
    naming = [line for line in answer.stderr.splitlines() if "pip install 'greylag[embedded]'" in line]
    assert len(naming) == 1
    assert "Traceback" not in answer.stderr


def test_the_example_is_inside(base: Path) -> None:
    example = base / "greylag" / "examples" / "my-girok"
    here = ROOT / "examples" / "my-girok"
    names = sorted(path.relative_to(here) for path in here.rglob("*") if path.is_file())
    assert len(names) > 20
    assert sorted(path.relative_to(example) for path in example.rglob("*") if path.is_file()) == names


def test_the_manual_is_inside(installed: Installation, tmp_path: Path) -> None:
    for page in sorted((ROOT / "docs" / "troubles").glob("4*.md")):
        answer = installed("greylag", "explain", page.stem, cwd=tmp_path)
        title = page.read_text("utf-8").partition("\n")[0].removeprefix("# ")
        assert (answer.returncode, answer.stdout.partition("\n")[0]) == (0, title)


def test_the_base_stays_small(base: Path) -> None:
    size = sum(path.stat().st_size for path in base.rglob("*") if path.is_file())
    assert 1 < size / 1e6 < MOST_MEGABYTES


@pytest.mark.parametrize("engine", ["none", "sqlite3", "postgres"])
def test_the_goose_face_loads_nothing_it_does_not_need(
    installed: Installation, migrations: Path, database: str, engine: str
) -> None:
    words = {
        "none": ("-version",),
        "sqlite3": ("-dir", migrations, "sqlite3", migrations / "birds.db", "up"),
        "postgres": ("-dir", migrations, "postgres", database, "up"),
    }[engine]
    answer = run(installed.bin / "python", "-X", "importtime", "-m", "greylag.cli.goose", *words)
    assert answer.returncode == 0, answer.stderr
    modules = re.findall(r"^import time:.*\| +(\S+)$", answer.stderr, re.MULTILINE)
    assert "greylag.cli.goose.main" in modules
    assert {module.partition(".")[0] for module in modules} & NOT_FOR_GOOSE == set()
