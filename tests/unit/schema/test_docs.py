from __future__ import annotations

from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.objects import Enum, Routine, View
from greylag.model.catalog.parts import Column, Name, Type
from greylag.model.catalog.tables import Constraint, Index, Partition, Reference, Table, Trigger
from greylag.model.change import Change
from greylag.model.migration import Migration
from greylag.schema.docs import Story, docs, stories

TEXT = Type("text", "text")
USERS = Table(
    "public",
    "users",
    (Column("id", TEXT, nullable=False, default="gen()"), Column("a|b", TEXT, comment="one\ntwo")),
    (Constraint("users_pkey", "primary key", ("id",), definition="PRIMARY KEY (id)"),),
    (Index("i", definition="CREATE INDEX i", valid=False), Index("users_pkey", constraint="users_pkey")),
    (Trigger("t", definition="CREATE TRIGGER t"),),
    comment="People",
)
POSTS = Table(
    "app",
    "posts",
    (Column("author", TEXT),),
    (Constraint("fk", "foreign key", ("author",), references=Reference(Name("public", "users"), ("id",))),),
)


def page(**kinds: object) -> str:
    past = kinds.pop("past", {})
    return docs(Catalog("postgres")._replace(**kinds), "shop", past)  # type: ignore[arg-type]


def test_every_table_with_its_columns_keys_and_referrers() -> None:
    text = page(tables=(POSTS, USERS))
    for line in (
        "# shop",
        "| [users](#users) | 2 | People |",
        "| [app.posts](#appposts) | 1 |  |",
        "| `id` | text |  | `gen()` |  |",
        "| `a\\|b` | text | yes |  | one two |",
        "- primary key `users_pkey`: `PRIMARY KEY (id)`",
        "- index `i`: `CREATE INDEX i` (invalid)",
        "- trigger `t`: `CREATE TRIGGER t`",
        "- referenced by [app.posts](#appposts) (`author`)",
    ):
        assert line in text.splitlines(), line
    assert "index `users_pkey`" not in text
    assert "```mermaid\nerDiagram\n" in text


def test_views_partitions_enums_and_functions() -> None:
    part = USERS._replace(name="part", partition=Partition(Name("public", "users"), "DEFAULT"), ttl="at + 1")
    target = Name("public", "t")
    view = View("public", "v", (Column("id", TEXT),), " SELECT 1;", kind="materialized", target=target)
    text = page(
        tables=(part,),
        views=(view,),
        enums=(Enum("public", "state", ("on", "off"), comment="Now"),),
        routines=(Routine("public", "f", "x integer", result="text"),),
    )
    for line in (
        "A materialized view that writes to `t`.",
        " SELECT 1;",
        "- Partition of `users`: `DEFAULT`",
        "- Kept until: `at + 1`",
        "| `state` | `on`, `off` | Now |",
        "| `f(x integer)` | text |  |",
    ):
        assert line in text.splitlines(), line


def test_the_story_of_a_table_is_told() -> None:
    past = {"users": Story("1_users.sql", ("2_more.sql",), {"a|b": "2_more.sql"})}
    text = page(tables=(USERS,), past=past)
    assert "Made by `1_users.sql`, last changed by `2_more.sql`." in text
    assert "| `a\\|b` | text | yes |  | one two | `2_more.sql` |" in text


def test_stories_are_made_of_changes() -> None:
    def extra(name: str, what: str = "extra", kind: str = "table") -> Change:
        return Change(kind, name, what, table=name.split(".", maxsplit=1)[0])

    traced = [
        (Migration(1, "m/1_a.sql"), [extra("users"), extra("gone"), Change("type", "t", "extra")]),
        (Migration(2, "m/2_b.sql"), [extra("users.name", kind="column"), extra("users.old", kind="column")]),
        (Migration(3, "m/3_c.sql"), [extra("users.old", "missing", "column"), extra("gone", "missing")]),
        (Migration(4, "m/4_d.sql"), [Change("index", "i", "extra", table="users")]),
    ]
    assert stories(traced) == {
        "users": Story("1_a.sql", ("2_b.sql", "3_c.sql", "4_d.sql"), {"name": "2_b.sql"})
    }


def test_an_empty_schema_is_a_page_too() -> None:
    assert page() == (
        "# shop\n\n<!-- Written by greylag schema docs; do not edit. -->\n\n"
        "| table | columns | what it is |\n|---|---|---|\n"
    )
