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
