"""What Prisma sees of a Catalog."""

from __future__ import annotations

import pytest

from greylag.model.catalog.objects import Domain, Enum, View
from greylag.model.catalog.parts import Name
from greylag.model.catalog.sight import Sight
from greylag.model.catalog.tables import Constraint, Index, Key, Partition
from greylag.schema.prisma.picture import CrossSchemaError, Picture
from tests.plugins.pictures import a_type, catalog, column, index, key, picture, table


def test_partitions_and_foreign_tables_are_not_seen() -> None:
    parent = table("events", "id", kind="partitioned")
    part = table("events_1", "id", partition=Partition(Name("public", "events"), "FOR VALUES IN (1)"))
    sub = table("events_2", "id", kind="partitioned", partition=part.partition)
    far = table("far", "id", kind="foreign")
    seen = picture(parent, part, sub, far)
    assert [each.name for each in seen.tables] == ["events", "events_2"]
    assert seen.tables[0].partitioned and not seen.tables[1].partitioned


def test_a_table_that_others_inherit_from() -> None:
    seen = picture(table("a", "id"), table("b", "id", parents=(Name("public", "a"),)))
    assert [each.parent_of for each in seen.tables] == [True, False]


def test_a_server_remembers_children_that_are_gone() -> None:
    sight = Sight(frozenset({Name("public", "a")}))
    seen = Picture(catalog(table("a", "id")), ("public",), sight)
    assert seen.tables[0].parent_of


def test_only_schemas_that_are_asked_for_and_there() -> None:
    tables = (table("a", "id"), table("b", "id", schema="other"))
    assert [each.id for each in picture(*tables).tables] == [("public", "a")]
    assert picture(*tables, schemas=("zzz", "other", "public")).schemas == ["other", "public"]


def test_a_key_out_of_what_is_read_is_refused() -> None:
    posts = table("posts", "id", "by", constraints=(key("posts_fk", ("by",), "auth.users"),))
    with pytest.raises(CrossSchemaError) as raised:
        picture(posts, table("users", "id", schema="auth"))
    error = raised.value
    assert (error.table, error.target, error.constraint, error.schema) == (
        "public.posts", "auth.users", "posts_fk", "auth",
    )  # fmt: skip


def test_indexes_as_prisma_reads_them() -> None:
    made = table(
        "t", "id", "a", "b",
        constraints=(Constraint("ex", "exclude", ("a",)), Constraint("ck", "check", ("a",))),
        indexes=(
            index("partial", "a", predicate="a > 1"),
            Index("lowered", keys=(Key(expression="lower(a)"),)),
            index("ex", "a", method="gist", constraint="ex"),
            index("wide", "a", include=("b",)),
            Index("down", keys=(Key("a", descending=True, nulls_first=True), Key("b", nulls_first=True))),
            Index("paths", "gin", keys=(Key("a", opclass="jsonb_path_ops", default_opclass=False),)),
            Index("near", "hnsw", keys=(Key("a", opclass="vector_l2_ops", default_opclass=False),)),
        ),
    )  # fmt: skip
    seen = picture(made).tables[0]
    assert seen.expressions == ["lowered"] and seen.checks == ["ck"] and seen.excludes == ["ex"]
    found = {each.name: each for each in seen.indexes}
    assert sorted(found) == ["down", "near", "paths", "t_pkey", "wide"]
    assert found["wide"].columns == ["a", "b"] and found["t_pkey"].kind == "primary"
    assert [each.odd_nulls for each in found["down"].keys] == [False, True]
    assert (found["paths"].method, found["paths"].keys[0].opclass) == ("Gin", "jsonb_path_ops")
    assert (found["near"].method, found["near"].keys[0].opclass) == ("", "")


def test_deferrable_keys() -> None:
    made = table(
        "t", "id", "a", constraints=(Constraint("u", "unique", ("a",), deferrable=True),),
        indexes=(index("u", "a", unique=True, constraint="u"),),
    )  # fmt: skip
    assert [each.deferrable for each in picture(made).tables[0].indexes] == [False, True]


def test_a_usable_key_has_required_columns_of_known_types() -> None:
    tables = (
        table("a", "id"),
        table("b", column("x", nullable=True), keyed=False, indexes=(index("u", "x", unique=True),)),
        table(
            "c", column("x", "point", nullable=False), keyed=False, indexes=(index("u", "x", unique=True),)
        ),
        table("d", column("x", a_type("text", array=True), nullable=False)),
        table("e", column("x", nullable=False), keyed=False, indexes=(index("u", "x", unique=True),)),
        table("f", column("x", nullable=False), keyed=False, indexes=(index("i", "x"),)),
    )
    assert [each.name for each in picture(*tables).tables if each.usable] == ["a", "e"]


def test_a_domain_without_null_makes_a_column_required() -> None:
    kind = a_type("d", "public", kind="domain", base=a_type("int4"), nullable=False)
    domain = Domain("public", "d", a_type("int4"), nullable=False)
    made = table("t", "id", column("x", kind))
    assert picture(made, domains=(domain,)).tables[0].columns[1].required
    assert picture(made).tables[0].columns[1].required  # of a schema that is not read
    lax = domain._replace(nullable=True)  # it is the one below it that takes no NULL
    assert not picture(made, domains=(lax,)).tables[0].columns[1].required


def test_enums_of_other_schemas_are_found_by_name() -> None:
    seen = picture(enums=(Enum("public", "color", ("red",)), Enum("public", "none", ())))
    assert seen.find_enum("color", "public") == ("public", "color")
    assert seen.find_enum("color", "elsewhere") == ("public", "color")
    assert seen.find_enum("none", "public") is None and seen.find_enum("x", "elsewhere") is None


def test_columns_without_a_right_to_them_are_not_there() -> None:
    sight = Sight(unseen=((Name("public", "t"), ("secret",)),))
    made = table("t", "id", "secret", indexes=(index("s", "secret"),))
    seen = Picture(catalog(made), ("public",), sight).tables[0]
    assert [each.name for each in seen.columns] == ["id"]
    assert [each.name for each in seen.indexes] == ["t_pkey"]


def test_keys_the_server_made_count_beside_those_of_the_catalog() -> None:
    target = table("p", "id", kind="partitioned")
    made = table("t", "id", "p", constraints=(key("t_fk", ("p",), "p"),))
    sight = Sight(clones=((Name("public", "t"), key("a_clone", ("p",), "p")),))
    seen = Picture(catalog(target, made), ("public",), sight)
    assert [each.name for each in seen.by_id["public", "t"].foreign_keys] == ["a_clone", "t_fk"]


def test_views_come_in_the_order_they_were_made() -> None:
    views = tuple(View("public", name, (column("x"),), "SELECT 1") for name in ("a", "b"))
    materialized = views[0]._replace(name="m", kind="materialized")
    sight = Sight(views=(Name("public", "b"), Name("public", "a")))
    seen = Picture(catalog(views=(*views, materialized)), ("public",), sight)
    assert [each.name for each in seen.views] == ["b", "a"]


@pytest.mark.parametrize(
    ("name", "columns", "hidden"),
    [
        ("_RelayId", ("id", "stableModelIdentifier"), True),
        ("_RelayId", ("id", "other"), False),
        ("_prisma_migrations", ("id", "checksum"), False),
        (
            "_prisma_migrations",
            (
                *("id", "checksum", "finished_at", "migration_name", "logs"),
                *("rolled_back_at", "started_at", "applied_steps_count"),
            ),
            True,
        ),
        ("goose_db_version", ("id",), False),
        ("_Migration", ("revision",), False),
    ],
)
def test_bookkeeping_of_prisma_is_hidden(name: str, columns: tuple[str, ...], *, hidden: bool) -> None:
    assert picture(table(name, *columns)).tables[0].hidden is hidden
