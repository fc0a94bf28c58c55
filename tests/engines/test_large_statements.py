"""Statements larger than anything an engine keeps under way are sent one at a time, to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.registry import ENGINES
from greylag.model.migration import Migration, Script, Statement

if TYPE_CHECKING:
    from pathlib import Path

KIBI = 1024


@pytest.mark.parametrize("engine", ["postgres", "sqlite3"])
@pytest.mark.parametrize("kibibytes", [200, 300, 1500])
def test_files_of_large_statements(
    engine: str, kibibytes: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    dsn = request.getfixturevalue("database") if engine == "postgres" else str(tmp_path / "x.db")
    session = ENGINES[engine](dsn, "goose_db_version", None, None)
    session.create_history()
    text = f"INSERT INTO t VALUES ('{'x' * kibibytes * KIBI}');"
    files = [
        Script(
            Migration(version, f"m/{version}_x.sql"), "up",
            (Statement(f"CREATE TABLE IF NOT EXISTS t (v text CHECK (length(v) = {kibibytes * KIBI}));"),
             Statement(text), Statement(text)), 3, True, True,
        )
        for version in (1, 2, 3)
    ]  # fmt: skip
    ran = list(session.apply(files))
    assert [(one.migration.version, one.statements) for one in ran] == [(1, 3), (2, 3), (3, 3)]
    assert [row.version for row in session.history()] == [3, 2, 1, 0]
    session.close()
