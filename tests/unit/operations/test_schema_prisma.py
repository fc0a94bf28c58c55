from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.errors import EditError, UsageError
from greylag.model.catalog.catalog import Catalog
from greylag.operations.connect import connect
from greylag.operations.schema_prisma import compare_prisma, prisma_side, read_prisma

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Made = Callable[[str], Catalog]

HEAD = 'datasource db {\n  provider = "postgresql"\n  url = env("URL")\n}\n'
SIDE = prisma_side("a.prisma", f'{HEAD}\nmodel User {{\n  id Int @id\n\n  @@map("users")\n}}\n')
USERS = "CREATE TABLE users (id int PRIMARY KEY);"


@pytest.fixture
def made(database: str) -> Made:
    """Runs SQL and gives the Catalog of what there is then."""

    def run(sql: str) -> Catalog:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(sql)  # type: ignore[arg-type]
        with closing(connect("postgres", database, "goose_db_version")) as session:
            return session.catalog()

    return run


def test_a_file_that_is_as_the_database_is(made: Made) -> None:
    catalog = made(USERS)
    assert compare_prisma(catalog, SIDE) == []
    assert compare_prisma(SIDE, catalog) == []


def test_the_direction_is_that_of_the_sides(made: Made) -> None:
    catalog = made("CREATE TABLE users (id int PRIMARY KEY, age int NOT NULL)")
    (gone,) = compare_prisma(catalog, SIDE)
    assert (gone.kind, gone.name, gone.what, gone.before) == ("field", "User.age", "missing", "Int")
    (come,) = compare_prisma(SIDE, catalog)
    assert (come.name, come.what, come.after) == ("User.age", "extra", "Int")


def test_two_files() -> None:
    assert compare_prisma(SIDE, SIDE) == []
    (change,) = compare_prisma(SIDE, prisma_side("b.prisma", HEAD))
    assert (change.kind, change.name, change.what) == ("model", "User", "missing")


def test_an_empty_database_has_no_model(made: Made) -> None:
    (change,) = compare_prisma(SIDE, made("SELECT 1"))
    assert (change.name, change.what) == ("User", "missing")


def test_tables_that_the_config_leaves_out_are_no_difference(made: Made) -> None:
    catalog = made(f"{USERS} CREATE TABLE tmp_1 (id int PRIMARY KEY)")
    assert [change.name for change in compare_prisma(SIDE, catalog)] == ["Tmp1"]
    assert compare_prisma(SIDE._replace(leave_out=("tmp_*",)), catalog) == []


def test_another_engine_is_refused() -> None:
    with pytest.raises(UsageError, match="a schema of sqlite cannot be compared"):
        compare_prisma(Catalog("sqlite"), SIDE)


def test_a_key_into_a_schema_that_is_not_read_is_told(made: Made) -> None:
    catalog = made(
        "CREATE SCHEMA b CREATE TABLE x (id int PRIMARY KEY);"
        "CREATE TABLE users (id int PRIMARY KEY REFERENCES b.x)"
    )
    with pytest.raises(UsageError, match=r"users_id_fkey .* leads to .*, not read by a\.prisma") as caught:
        compare_prisma(catalog, SIDE)
    assert caught.value.hint == 'add it to its datasource: schemas = ["public", "b"]'


@pytest.mark.parametrize(("text", "message"), [("model a {\n", "no schema.prisma"), ("", "no datasource")])
def test_what_is_no_schema_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.prisma").write_text(text)
    with pytest.raises(EditError, match=message) as caught:
        read_prisma(str(tmp_path / "a.prisma"))
    assert caught.value.where is not None
    assert caught.value.where.path == str(tmp_path / "a.prisma")
