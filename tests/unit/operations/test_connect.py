from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import DeadlineError
from greylag.operations.connect import connect, engine_words

if TYPE_CHECKING:
    from pathlib import Path


def test_the_words_of_both_engines() -> None:
    assert set(engine_words()) >= {"postgres", "pgx", "sqlite3", "sqlite"}


def test_a_session_opens_nothing_before_it_is_used(tmp_path: Path) -> None:
    session = connect("sqlite3", str(tmp_path / "x.db"), "vt")
    assert session.table == "vt"
    assert not (tmp_path / "x.db").exists()
    session.create_history()
    assert [row.version for row in session.history()] == [0]
    session.close()


def test_time_that_is_over(tmp_path: Path) -> None:
    session = connect("sqlite3", str(tmp_path / "x.db"), "vt", timeout_seconds=-1.0)
    with pytest.raises(DeadlineError):
        session.history()
    session.close()
