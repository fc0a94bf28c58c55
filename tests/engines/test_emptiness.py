"""Whether anybody has made anything in a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engines.conftest import Engine


def test_the_version_table_does_not_count(engine: Engine) -> None:
    session = engine.open()
    assert session.is_empty()
    session.create_history()
    assert session.is_empty()


@pytest.mark.parametrize("made", ["CREATE TABLE t (id int)", "CREATE VIEW v AS SELECT 1 AS one"])
def test_a_table_or_a_view_counts(engine: Engine, made: str) -> None:
    engine.ask(made)
    assert not engine.open().is_empty()


def test_a_table_of_another_name_than_the_version_tables_counts(engine: Engine) -> None:
    engine.open().create_history()
    assert not engine.open("versions").is_empty()
