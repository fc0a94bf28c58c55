"""A whole SQLite database as a Catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.sqlite.session import SqliteSession
from greylag.model.catalog.objects import Schema, View
from greylag.model.catalog.parts import Column, Name, Type

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from greylag.model.catalog.catalog import Catalog

    Look = Callable[[str], Catalog]

INT, TEXT = Type("INT", "INT"), Type("TEXT", "TEXT")


@pytest.mark.parametrize(
    ("declared", "column"),
    [
        ("a int", Column("a", INT)),
        ("a int NOT NULL DEFAULT 5", Column("a", INT, False, "5")),
        ("a text DEFAULT 'x''y'", Column("a", TEXT, default="'x''y'")),
        ("a text COLLATE nocase", Column("a", TEXT, collation="nocase")),
        ("a decimal(10, 2)", Column("a", Type("decimal(10, 2)", "decimal(10, 2)", modifiers=(10, 2)))),
        ("a", Column("a", Type("", ""))),
        ("a int AS (b * 2)", Column("a", INT, default="b * 2", generated="virtual")),
        ("a int GENERATED ALWAYS AS (b * 2) STORED", Column("a", INT, default="b * 2", generated="stored")),
        (
            "a integer PRIMARY KEY AUTOINCREMENT",
            Column("a", Type("INTEGER", "INTEGER"), options=(("autoincrement", "true"),)),
        ),
        ('[odd "name] text', Column('odd "name', TEXT)),
    ],
)
def test_columns(look: Look, declared: str, column: Column) -> None:
    (table,) = look(f"CREATE TABLE t ({declared}, b int)").tables
    assert table.columns == (column, Column("b", INT))


def test_tables_have_their_options(look: Look) -> None:
    catalog = look("CREATE TABLE a (x int PRIMARY KEY) WITHOUT ROWID, STRICT; CREATE TABLE b (x int)")
    assert [table.options for table in catalog.tables] == [
        (("strict", "true"), ("without_rowid", "true")),
        (),
    ]


def test_names_are_as_their_owners_spell_them(look: Look) -> None:
    child, parent = look(
        "CREATE TABLE Parent (Id int, B int, PRIMARY KEY (ID, b)); "
        "CREATE TABLE Child (X int, y int, FOREIGN KEY (x, Y) REFERENCES PARENT)"
    ).tables
    (key,) = child.constraints
    assert key.columns == ("X", "y")
    assert key.references is not None
    assert (key.references.table, key.references.columns) == (Name("main", "Parent"), ("Id", "B"))
    assert parent.constraints[0].columns == ("Id", "B")


def test_views(look: Look) -> None:
    catalog = look("CREATE TABLE t (a int); CREATE VIEW v (x) AS SELECT a\n FROM t -- all\n WHERE a > 1")
    assert catalog.views == (View("main", "v", (Column("x", INT),), "SELECT a FROM t WHERE a > 1"),)


def test_a_view_that_no_longer_works_is_still_there(look: Look) -> None:
    catalog = look(
        "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t; PRAGMA legacy_alter_table = on; DROP TABLE t"
    )
    assert [(view.name, view.columns) for view in catalog.views] == [("v", ())]


def test_virtual_tables_say_what_they_are(look: Look) -> None:
    (table,) = look("CREATE VIRTUAL TABLE f USING fts5(title, body, tokenize = 'porter')").tables
    assert table.engine == "fts5(title, body, tokenize = 'porter')"
    assert [column.name for column in table.columns] == ["title", "body"]


def test_sqlites_own_tables_are_nobodys(look: Look) -> None:
    catalog = look(
        "CREATE TABLE sqlitex (id integer PRIMARY KEY AUTOINCREMENT); INSERT INTO sqlitex VALUES (1); ANALYZE"
    )
    assert [table.name for table in catalog.tables] == ["sqlitex"]


def test_what_a_catalog_says_of_itself(look: Look) -> None:
    catalog = look("CREATE TABLE t (a)")
    assert (catalog.engine, catalog.schemas) == ("sqlite", (Schema("main"),))
    assert catalog.version.startswith("3.")


def test_reading_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "missing.db"
    session = SqliteSession(str(path), "goose_db_version")
    assert session.catalog().tables == ()
    session.close()
    assert not path.exists()
