from __future__ import annotations

import pytest

from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.parts import Column, Name, Type
from greylag.model.catalog.tables import Constraint, Index, Key, Partition, Reference, Table
from greylag.schema.erd.diagram import Diagram, diagram, name_of, short_type

TEXT = Type("text", "text")


def table(name: str, *columns: str, schema: str = "public", to: str = "", **more: object) -> Table:
    """A table whose first column is its key; ``to`` is a table its last column refers to."""
    made = tuple(Column(each.rstrip("?"), TEXT, nullable=each.endswith("?")) for each in columns)
    keys = [Constraint(f"{name}_pkey", "primary key", (made[0].name,))]
    if to:
        target = Name(*to.split(".")) if "." in to else Name("public", to)
        keys.append(
            Constraint(f"{name}_fk", "foreign key", (made[-1].name,), references=Reference(target, ("id",)))
        )
    return Table(schema, name, made, tuple(keys))._replace(**more)


def drawn(*tables: Table, **more: object) -> Diagram:
    return diagram(Catalog("postgres", tables=tables), **more)  # type: ignore[arg-type]


def test_boxes_have_rows_with_keys() -> None:
    (box, _) = drawn(table("posts", "id", "note?", "author", to="users"), table("users", "id")).boxes
    assert [(row.name, row.key, row.required) for row in box.rows] == [
        ("id", ("PK",), True),
        ("note", (), False),
        ("author", ("FK",), True),
    ]


@pytest.mark.parametrize(
    ("column", "index", "one", "optional"),
    [
        ("author", None, False, False),
        ("author?", None, False, True),
        ("author", Index("u", unique=True, keys=(Key("author"),)), True, False),
        ("author", Index("u", unique=True, keys=(Key("author"),), predicate="x"), False, False),
        ("author", Index("u", unique=True, keys=(Key(expression="lower(author)"),)), False, False),
        ("author", Index("u", unique=True, keys=(Key("author"), Key("id"))), False, False),
    ],
)
def test_how_many_a_line_joins(column: str, index: Index | None, one: bool, optional: bool) -> None:
    posts = table("posts", "id", column, to="users", indexes=(index,) if index else ())
    (line,) = drawn(posts, table("users", "id")).lines
    assert (line.child, line.parent, line.columns, line.references) == (
        "posts",
        "users",
        ("author",),
        ("id",),
    )
    assert (line.one, line.optional) == (one, optional)


def test_details_of_other_tables_are_left_out() -> None:
    part = table("p1", "id", partition=Partition(Name("public", "p"), "DEFAULT"))
    assert [
        box.name for box in drawn(table("p", "id"), part, table("geo", "id", extension="postgis")).boxes
    ] == ["p"]


def test_lines_to_what_is_not_shown_are_left_out() -> None:
    tables = (table("posts", "id", "author", to="users"), table("users", "id"))
    assert drawn(*tables, only=["posts"]).lines == ()


def test_groups_by_the_first_word_of_the_name() -> None:
    tables = (
        table("users", "id"),
        table("user_sessions", "id"),
        table("sessionless", "id", "u", to="users"),
        table("categories", "id"),
        table("category_names", "id"),
        table("alone", "id"),
    )
    found = {box.name: box.group for box in drawn(*tables).boxes}
    assert found == {
        "users": "user",
        "user_sessions": "user",
        "sessionless": "user",
        "categories": "category",
        "category_names": "category",
        "alone": "",
    }
    assert drawn(*tables).groups == ("category", "user")
    assert drawn(*tables, grouping="none").groups == ()


def test_groups_by_schema_where_there_are_several() -> None:
    found = drawn(table("users", "id"), table("users", "id", schema="app"))
    assert [(box.name, box.group) for box in found.boxes] == [("users", "public"), ("app.users", "app")]
    assert drawn(table("users", "id"), grouping="schema").groups == ("public",)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("timestamp(6) with time zone", "timestamptz(6)"),
        ("timestamp without time zone[]", "timestamp[]"),
        ("time with time zone", "timetz"),
        ("character varying(9)[]", "varchar(9)[]"),
        ("character(3)", "char(3)"),
        ("double precision", "float8"),
        ("numeric(10,2)", "numeric(10,2)"),
    ],
)
def test_types_as_one_says_them(text: str, short: str) -> None:
    assert short_type(text) == short


def test_names_leave_out_what_goes_without_saying() -> None:
    assert (name_of(table("users", "id")), name_of(table("posts", "id", schema="app"))) == (
        "users",
        "app.posts",
    )
