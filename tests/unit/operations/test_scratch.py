from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from greylag.operations import server
from greylag.operations.connect import connect
from greylag.operations.scratch import PREFIX, scratch

if TYPE_CHECKING:
    from greylag.operations.scratch import Workshop


def databases(workshop: Workshop) -> list[str]:
    found = server.status(workshop.root).databases
    return [each.name for each in found if each.name.startswith(PREFIX)]


def test_a_database_is_there_for_a_moment(workshop: Workshop) -> None:
    with scratch("postgres", workshop) as dsn, closing(connect("postgres", dsn, "t")) as session:
        assert session.is_empty()
        assert databases(workshop) == [dsn.rpartition("/")[2].partition("?")[0]]
    assert databases(workshop) == []


def test_it_goes_though_somebody_is_still_connected(workshop: Workshop) -> None:
    with scratch("postgres", workshop) as dsn:
        session = connect("postgres", dsn, "t")
        session.connect()
    assert databases(workshop) == []
    session.close()


def test_it_goes_after_a_failure_too(workshop: Workshop) -> None:
    with pytest.raises(ZeroDivisionError), scratch("postgres", workshop):
        _ = 1 / 0
    assert databases(workshop) == []


def test_two_at_once_are_two(workshop: Workshop) -> None:
    with scratch("postgres", workshop) as one, scratch("postgres", workshop) as other:
        assert one != other
        assert len(databases(workshop)) == 2


@pytest.mark.parametrize("engine", ["sqlite", "clickhouse"])
def test_other_engines_have_a_folder_that_goes(workshop: Workshop, engine: str) -> None:
    if engine == "clickhouse":
        pytest.importorskip("chdb")
    with scratch(engine, workshop, "named") as dsn:
        with closing(connect(engine, dsn, "goose_db_version")) as session:
            session.connect()
            session.create_history()
            assert [row.version for row in session.history()] == [0]
            assert engine == "sqlite" or session.connect().database == "named"
        path = dsn.removeprefix("chdb://").partition("?")[0]
        assert os.path.exists(path)
    assert not os.path.exists(os.path.dirname(path) if engine == "sqlite" else path)
