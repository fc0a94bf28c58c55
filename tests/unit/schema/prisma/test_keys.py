"""Keys and indexes as attributes."""

from __future__ import annotations

import pytest

from greylag.model.catalog.tables import Constraint, Index, Key, Table
from greylag.schema.prisma.keys import (
    FieldKeys,
    block_id,
    block_indexes,
    id_name,
    operator_class,
    unique_attribute,
)
from tests.plugins.pictures import column, index, matching, table


def told(made: Table, before: str = "") -> tuple[str, list[str]]:
    found = matching(made, before=before)
    seen = found.picture.tables[0]
    old = found.model_of(seen)
    return block_id(found, seen, old), block_indexes(found, seen, old)


def two(name: str = "t_pkey") -> Table:
    return table(
        "t", column("a", nullable=False), column("b-c", nullable=False), keyed=False,
        constraints=(Constraint(name, "primary key", ("a", "b-c")),),
        indexes=(index(name, "a", "b-c", unique=True, constraint=name),),
    )  # fmt: skip


def test_a_key_over_several_columns_stands_in_the_block() -> None:
    assert told(two()) == ("@@id([a, b_c])", [])
    assert told(two("other")) == ('@@id([a, b_c], map: "other")', [])
    assert told(table("t", "a")) == ("", [])


def test_the_name_of_a_key_is_kept() -> None:
    before = 'model t {\n  a Int\n  b Int @map("b-c")\n  @@id([a, b], name: "both")\n}\n'
    assert told(two(), before)[0] == '@@id([a, b], name: "both")'
    found = matching(two(), before=before)
    assert id_name(found.picture.tables[0], found.model_of(found.picture.tables[0])) == "both"
    assert id_name(found.picture.tables[0], None) is None


def test_uniques_come_before_indexes_by_name() -> None:
    made = table("t", "a", "b", "c", indexes=(
        index("a_i", "b"), index("z_u", "b", "c", unique=True), index("t_a_b_idx", "a", "b"),
        Index("h", "hash", keys=(Key("c", descending=True),)), index("b_u", "c", "b", unique=True),
    ))  # fmt: skip
    assert told(made)[1] == [
        '@@unique([c, b], map: "b_u")',
        '@@unique([b, c], map: "z_u")',
        '@@index([b], map: "a_i")',
        '@@index([c(sort: Desc)], map: "h", type: Hash)',
        "@@index([a, b])",
    ]


def test_the_old_order_and_names_are_kept_and_a_name_before_prisma_3_becomes_a_map() -> None:
    made = table("t", "a", "b", indexes=(index("i1", "a"), index("i2", "b"), index("new", "a", "b")))
    before = 'model t {\n  a Int @id\n  b Int?\n  @@index([b], name: "i2")\n  @@index([a], map: "i1")\n}\n'
    assert told(made, before)[1] == [
        '@@index([b], map: "i2")', '@@index([a], map: "i1")', '@@index([a, b], map: "new")',
    ]  # fmt: skip


def test_fields_show_keys_of_one_column() -> None:
    made = table("t", "a", "b", "c", indexes=(
        index("first", "b", unique=True), index("second", "b", unique=True),
        Index("t_c_key", unique=True, keys=(Key("c", descending=True),)),
    ))  # fmt: skip
    keys = FieldKeys(matching(made).picture.tables[0])
    assert keys.ids == {"a": "@id"}
    assert keys.uniques == {"b": '@unique(map: "first")', "c": "@unique(sort: Desc)"}


def test_a_renamed_primary_key_has_a_map() -> None:
    made = table(
        "t", "a", keyed=False, constraints=(Constraint("pk", "primary key", ("a",)),),
        indexes=(index("pk", "a", unique=True, constraint="pk"),),
    )  # fmt: skip
    assert FieldKeys(matching(made).picture.tables[0]).ids == {"a": '@id(map: "pk")'}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("jsonb_path_ops", "JsonbPathOps"), ("int8_minmax_multi_ops", "Int8MinMaxMultiOps"),
        ("timestamptz_bloom_ops", "TimestampTzBloomOps"), ("timetz_minmax_ops", "TimeTzMinMaxOps"),
        ("varbit_minmax_ops", "VarBitMinMaxOps"), ("kd_point_ops", 'raw("kd_point_ops")'),
        ("char_bloom_ops", 'raw("char_bloom_ops")'),
    ],
)  # fmt: skip
def test_operator_classes(name: str, written: str) -> None:
    assert operator_class(name) == written


def test_a_unique_key_of_a_view() -> None:
    assert unique_attribute(("a", "b"), "n", "m") == '@@unique([a, b], name: "n", map: "m")'
    assert unique_attribute(("a", "b"), None, None) == "@@unique([a, b])"
