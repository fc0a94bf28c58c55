"""The forward way back on real files: the example's migrations are applied, reversed by new ones, and reversed again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

SERVICES = Path(__file__).parents[2] / "examples" / "my-girok" / "services"
FOLDERS = [
    "auth-service/migrations",
    "legal-service/migrations",
    "identity-service/migrations/auth",
    "identity-service/migrations/identity",
]
OBJECTS = """
    SELECT c.relkind::text, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, i.indisvalid
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ 'goose|greylag'
    UNION ALL SELECT 'con', conname, pg_get_constraintdef(oid), '', convalidated, NULL FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conname !~ 'goose|greylag'
    UNION ALL SELECT 'tg', tgname, pg_get_triggerdef(oid), '', NULL, NULL FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'fn', proname, prosrc, '', NULL, NULL FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ORDER BY 1, 2, 3
"""


def greylag(folder: Path, *words: str) -> list[str]:
    program = [sys.executable, "-m", "greylag", *words, "--dir", str(folder)]
    answer = subprocess.run(program, cwd=folder.parent, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout.split()


def objects(dsn: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(OBJECTS).fetchall()


@pytest.mark.parametrize("name", FOLDERS)
def test_everything_is_taken_back_by_going_forward(name: str, tmp_path: Path, database: str) -> None:
    folder = tmp_path / "m"
    shutil.copytree(SERVICES / name, folder)
    greylag(folder, "up", "--dsn", database)
    full = objects(database)
    made = greylag(folder, "new", "--reverse-to", "0")
    greylag(folder, "up", "--dsn", database)
    assert objects(database) == [] and len(full) > 20
    versions = [word for path in made for word in ("--reverse", Path(path).name.partition("_")[0])]
    greylag(folder, "new", *versions)
    greylag(folder, "up", "--dsn", database)
    assert objects(database) == full


def test_a_file_that_is_gone_is_reversed_from_the_journal(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    text = "-- Birds.\n-- +goose Up\nCREATE TABLE birds (id int);\n-- +goose Down\nDROP TABLE birds;\n"
    for number, name in enumerate(("birds", "worms"), 1):
        (folder / f"{number:05d}_{name}.sql").write_text(text.replace("birds", name))
    greylag(folder, "up", "--dsn", database)
    monkeypatch.setenv("DATABASE_URL", database)
    (folder / "00002_worms.sql").unlink()
    (made,) = greylag(folder, "new", "--reverse", "2", "--from-journal")
    assert Path(folder.parent / made).read_text() == (
        "-- Reverses 00002_worms.sql: its Down is the Up here, its Up the Down.\n-- +goose Up\nDROP TABLE worms;\n\n"
        "-- +goose Down\n-- Birds.\nCREATE TABLE worms (id int);\n"
    )


def test_one_transaction_takes_back_several_or_none(tmp_path: Path, database: str) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    text = "-- +goose Up\nCREATE TABLE birds (id int);\n-- +goose Down\nDROP TABLE birds;\n"
    for number, name in enumerate(("birds", "worms"), 1):
        (folder / f"{number:05d}_{name}.sql").write_text(text.replace("birds", name))
    greylag(folder, "up", "--dsn", database)
    full = objects(database)
    with psycopg.connect(database) as connection:
        connection.execute("CREATE VIEW seen AS SELECT id FROM birds")
    assert len(greylag(folder, "new", "--reverse-to", "0")) == 1
    program = [sys.executable, "-m", "greylag", "up", "--dir", str(folder), "--dsn", database]
    answer = subprocess.run(program, capture_output=True, text=True)
    assert answer.returncode == 1 and "2BP01" in answer.stderr
    with psycopg.connect(database) as connection:
        connection.execute("DROP VIEW seen")
    assert objects(database) == full
    greylag(folder, "up", "--dsn", database)
    assert objects(database) == []
