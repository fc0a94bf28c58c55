"""Driver words lead to engines, and making a session opens nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from greylag.databases.base import Deadline
from greylag.databases.registry import ENGINES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("postgres", "PostgresSession"),
        ("pgx", "PostgresSession"),
        ("sqlite", "SqliteSession"),
        ("sqlite3", "SqliteSession"),
        ("clickhouse", "ClickhouseSession"),
    ],
)
def test_a_word_makes_its_engines_session(word: str, kind: str, tmp_path: Path) -> None:
    session = ENGINES[word](str(tmp_path / "x"), "versions", Deadline(1), None)
    assert (type(session).__name__, session.table) == (kind, "versions")
    session.close()
    assert list(tmp_path.iterdir()) == []


def test_there_are_no_other_words() -> None:
    assert sorted(ENGINES) == ["clickhouse", "pgx", "postgres", "sqlite", "sqlite3"]


def test_an_engine_is_loaded_when_it_is_asked_for() -> None:
    program = (
        "import sys; from greylag.databases.registry import ENGINES\n"
        "ENGINES['sqlite3'](':memory:', 't', None, None)\n"
        "print(sorted(name for name in sys.modules if name.startswith('greylag.databases.') and name.endswith('.session')))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout == "['greylag.databases.sqlite.session']\n"
