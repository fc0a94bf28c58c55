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
