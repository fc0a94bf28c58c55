"""The rehearsal cases of PostgreSQL kept beside this checkout: what their Down does not restore is seen."""

from __future__ import annotations

import importlib.util
import tomllib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from greylag.migrations.apply import apply
from greylag.migrations.files import collect
from greylag.migrations.plan import Step
from greylag.operations.catalogs import without_bookkeeping
from greylag.operations.connect import connect
from greylag.operations.options import any_line_options
from greylag.schema.comparison.comparison import compare

if TYPE_CHECKING:
    from types import ModuleType

    from greylag.databases.base import Session
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.migration import Migration

FOLDER = Path(__file__).parents[3] / "shared" / "conformance" / "rehearse"
CASES = [
    path.parent
    for path in sorted(FOLDER.glob("cases/*/case.toml"))
    if not path.parent.name.startswith("ch_")
    and tomllib.loads(path.read_text("utf-8"))["down"] in ("exact", "differs")
]


@pytest.fixture(scope="module")
def judge() -> ModuleType:
    """The runner's own judgement of a list of differences."""
    spec = importlib.util.spec_from_file_location("rehearse_run", FOLDER / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def use_sequences(database: str) -> None:
    """As rows would: a sequence that was never used cannot go back."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT setval(oid::regclass, 20) FROM pg_class WHERE relkind = 'S' AND relname !~ '^goose'"
        )


def look(session: Session) -> Catalog:
    return without_bookkeeping(session.catalog())


def run(session: Session, steps: list[Step]) -> None:
    for _ in apply(session, steps, parse_options=any_line_options()):
        pass


def rehearse(files: list[Migration], case: Path, database: str) -> list[dict[str, Any]]:
    with closing(connect("postgres", database, "goose_db_version")) as session:
        session.connect()
        session.create_history()
        run(session, [Step(file, "up") for file in files[:-1]])
        if (case / "data.sql").exists():
            with psycopg.connect(database, autocommit=True) as connection:
                connection.execute((case / "data.sql").read_bytes())
        use_sequences(database)
        catalogs = [look(session)]
        for direction in ("up", "down", "up"):
            run(session, [Step(files[-1], direction)])
            catalogs.append(look(session))
    told = [change._asdict() for change in compare(catalogs[0], catalogs[2], positions=True)]
    again = compare(catalogs[1], catalogs[3])
    return told + [change._asdict() | {"stage": "up-again"} for change in again]


@pytest.mark.skipif(not CASES, reason="the recorded cases lie beside this checkout, and are not here")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_down_does_not_restore_is_seen_and_nothing_else(
    case: Path, database: str, judge: ModuleType
) -> None:
    facts = tomllib.loads((case / "case.toml").read_text("utf-8"))
    found = rehearse(collect(str(case / "migrations")), case, database)
    assert judge.judge_differences(facts, {"differences": found}) == []
