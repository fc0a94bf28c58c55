"""A script that runs, makes the same schema again, and is the same text then."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres.session import PostgresSession
from greylag.model.catalog.catalog import Catalog
from greylag.schema.comparison.comparison import compare
from greylag.schema.ddl.script import script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.plugins.postgres import PostgresServer

EVERYTHING = Path(__file__).parents[3] / "golden" / "ddl" / "everything.sql"
EXPECTED = EVERYTHING.with_name("everything.dump.sql")
FOREIGN_SCHEMA = """
CREATE SCHEMA other;
CREATE TYPE other.state AS ENUM ('on');
CREATE TABLE other.t (id bigserial PRIMARY KEY, s other.state DEFAULT 'on', CHECK (id > 0));
CREATE TABLE t (id int REFERENCES other.t, v text);
CREATE VIEW other.b AS SELECT id FROM t;
CREATE VIEW a AS SELECT id FROM other.b;
"""


@pytest.fixture
def second(postgres: PostgresServer) -> Iterator[str]:
    """Another database, empty."""
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE second_of_script")
        yield postgres.url("second_of_script")
        connection.execute("DROP DATABASE second_of_script WITH (FORCE)")


def run(database: str, text: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(text.encode())


def look(database: str) -> Catalog:
    with closing(PostgresSession(database, "goose_db_version")) as session:
        return session.catalog()


@pytest.mark.parametrize(
    "text", [EVERYTHING.read_text("utf-8"), FOREIGN_SCHEMA], ids=["everything", "schemas"]
)
def test_it_makes_the_same_schema_and_the_same_script(text: str, database: str, second: str) -> None:
    run(database, text)
    first = look(database)
    made = script(first)
    run(second, made)
    again = look(second)
    assert compare(first, again) == []
    assert script(again) == made


def test_the_text_is_the_one_that_was_read_and_accepted(database: str) -> None:
    run(database, EVERYTHING.read_text("utf-8"))
    assert script(look(database)) == EXPECTED.read_text("utf-8")


def test_an_empty_schema_is_an_empty_script(database: str) -> None:
    assert script(look(database)) == ""
    assert script(Catalog("postgres")) == ""
