"""Every fact of an index is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Index, Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.databases.postgres.catalog.conftest import Place

TABLE = 'CREATE TABLE t (id int NOT NULL, a text, b text COLLATE "C", j jsonb, r int4range)'
ID = Key("id", opclass="int4_ops")
A = Key("a", opclass="text_ops")


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        ("(id, a)", {"keys": (ID, A)}),
        ("(id) INCLUDE (b, a)", {"keys": (ID,), "include": ("b", "a")}),
        ("(id) WHERE a IS NOT NULL", {"keys": (ID,), "predicate": "(a IS NOT NULL)"}),
        ("(id DESC)", {"keys": (ID._replace(descending=True, nulls_first=True),)}),
        ("(id DESC NULLS LAST)", {"keys": (ID._replace(descending=True),)}),
        ("(id NULLS FIRST)", {"keys": (ID._replace(nulls_first=True),)}),
        ("(a text_pattern_ops)", {"keys": (Key("a", opclass="text_pattern_ops", default_opclass=False),)}),
        ('(a COLLATE "C")', {"keys": (A._replace(collation='"C"'),)}),
        ("(b)", {"keys": (Key("b", opclass="text_ops"),)}),
        ('(b COLLATE "default")', {"keys": (Key("b", opclass="text_ops", collation='"default"'),)}),
        (
            "(lower(a), id, (id + 1))",
            {
                "keys": (
                    Key(expression="lower(a)", opclass="text_ops"),
                    ID,
                    Key(expression="((id + 1))", opclass="int4_ops"),
                )
            },
        ),
        ("USING hash (id)", {"keys": (ID,), "method": "hash"}),
        (
            "USING gin (j jsonb_path_ops)",
            {"method": "gin", "keys": (Key("j", opclass="jsonb_path_ops", default_opclass=False),)},
        ),
        (
            "USING gist (r range_ops)",
            {"method": "gist", "keys": (Key("r", opclass="range_ops"),)},
        ),
        (
            "USING brin (id int4_minmax_multi_ops (values_per_range = 16))",
            {
                "method": "brin",
                "keys": (
                    Key(
                        "id",
                        opclass="int4_minmax_multi_ops",
                        default_opclass=False,
                        opclass_options=(("values_per_range", "16"),),
                    ),
                ),
            },
        ),
        ("(id) WITH (fillfactor = 50)", {"keys": (ID,), "options": (("fillfactor", "50"),)}),
    ],
)
def test_each_fact_of_an_index(place: Place, words: str, facts: dict[str, Any]) -> None:
    (table,) = place.look(f"{TABLE}; CREATE INDEX i ON t {words}").tables
    (made,) = table.indexes
    assert made == Index("i", **facts, definition=made.definition)
    assert made.definition.startswith("CREATE INDEX i ON public.t USING ")


def test_unique_indexes(place: Place) -> None:
    (table,) = place.look(f"{TABLE}; CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT").tables
    (made,) = table.indexes
    assert (made.unique, made.nulls_distinct, made.constraint) == (True, False, "")


@pytest.mark.parametrize(
    ("ddl", "differences"),
    [
        ("ALTER TABLE t CLUSTER ON i", {"indexes.i.clustered": (False, True)}),
        ("COMMENT ON INDEX i IS 'why'", {"indexes.i.comment": ("", "why")}),
        ("ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 7", {"indexes.i.keys": 7}),
        (
            "ALTER TABLE t REPLICA IDENTITY USING INDEX u",
            {"indexes.u.replica_identity": (False, True), "replica_identity": ("", "index")},
        ),
        (
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass",
            {"indexes.i.valid": (True, False)},
        ),
        (
            "UPDATE pg_index SET indisready = false WHERE indexrelid = 'i'::regclass",
            {"indexes.i.valid": (True, False)},
        ),
    ],
)
def test_what_alter_changes(
    change: Callable[[str, str], dict[str, Any]], ddl: str, differences: dict[str, Any]
) -> None:
    found = change(f"{TABLE}; CREATE INDEX i ON t (id, lower(a)); CREATE UNIQUE INDEX u ON t (id)", ddl)
    for path, values in differences.items():
        old, new = found.pop(f"tables.t.{path}")
        if isinstance(values, int):
            assert [key.statistics for key in (*old, *new)] == [-1, -1, -1, values]
        else:
            assert (old, new) == values
    assert found == {}


def test_the_index_behind_a_constraint_names_it(place: Place) -> None:
    (table,) = place.look("CREATE TABLE t (id int CONSTRAINT k PRIMARY KEY)").tables
    assert [(index.name, index.constraint) for index in table.indexes] == [("k", "k")]


def test_a_part_of_a_partitioned_index_names_the_whole(place: Place) -> None:
    place.run("CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT")
    whole, part = place.look("CREATE INDEX i ON p (k)").tables
    assert [each.indexes[0].parent for each in (whole, part)] == [None, Name("public", "i")]


def test_indexes_of_materialized_views(place: Place) -> None:
    place.run("CREATE MATERIALIZED VIEW m AS SELECT 1 AS a")
    (view,) = place.look("CREATE UNIQUE INDEX i ON m (a)").views
    assert [(index.name, index.unique, index.keys) for index in view.indexes] == [
        ("i", True, (Key("a", opclass="int4_ops"),))
    ]


def test_definitions_are_the_servers_to_the_letter(place: Place) -> None:
    place.run("""CREATE SCHEMA "odd one"; CREATE DOMAIN code AS char(3);
        CREATE TABLE "odd one"."select" (id int, "Mixed" text, "user" varchar(9), "a b" char(3) COLLATE "C", c code,
            v int[], r int4range, j jsonb, e inet, UNIQUE NULLS NOT DISTINCT (id) INCLUDE ("Mixed", c));
        CREATE TABLE "odd one".p (k int PRIMARY KEY, name text) PARTITION BY HASH (k);
        CREATE TABLE "odd one".p1 PARTITION OF "odd one".p FOR VALUES WITH (MODULUS 1, REMAINDER 0);
        CREATE INDEX "index" ON "odd one".p (name, k DESC)""")
    columns = (
        '"Mixed" DESC NULLS LAST, "user" NULLS FIRST', '"user" varchar_ops', '"a b"', '"a b" COLLATE "default" DESC',
        "c", "c bpchar_pattern_ops", "v", "v array_ops DESC", '"Mixed" text_pattern_ops', '"Mixed" COLLATE "POSIX"',
         "e cidr_ops", "lower(\"Mixed\"), id",
    )  # fmt: skip
    for number, words in enumerate(columns):
        place.run(f'CREATE INDEX "i {number}" ON "odd one"."select" ({words})')
    methods = ("hash (c)", "gist (r)", "gist (e inet_ops)", "gin (v)", "gin (j jsonb_path_ops)", "spgist (r)",
               "brin (id int4_bloom_ops (n_distinct_per_range = 7))")  # fmt: skip
    for number, words in enumerate(methods):
        place.run(
            f'CREATE UNLOGGED TABLE m{number} (LIKE "odd one"."select"); CREATE INDEX ON m{number} USING {words}'
        )
    query = b"""SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid >= 16384 AND c.relnamespace >= 16384"""
    answer = place.session.ask(lambda channel: channel.fetch(query, binary=False))
    wanted = {
        name.decode(): text.decode() for name, text in answer.rows if name is not None and text is not None
    }
    found = {index.name: index.definition for table in place.look().tables for index in table.indexes}
    assert len(wanted) > 20
    assert found == wanted


def test_defaults_of_domains_are_those_of_their_types(place: Place) -> None:
    place.run("CREATE DOMAIN code AS char(3); CREATE TABLE t (a code, b varchar)")
    (table,) = place.look("CREATE INDEX i ON t (a, a bpchar_pattern_ops, b, b varchar_ops)").tables
    assert [key.default_opclass for key in table.indexes[0].keys] == [True, False, True, False]
