from __future__ import annotations

import pytest

from greylag.errors import UsageError
from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.objects import (
    Composite,
    Dictionary,
    Domain,
    Enum,
    Extension,
    Other,
    Routine,
    Schema,
    Sequence,
    View,
)
from greylag.model.catalog.parts import Column, Grant, Name, Type
from greylag.model.catalog.tables import (
    Constraint,
    Index,
    Key,
    Partition,
    Policy,
    Projection,
    Reference,
    Rule,
    Table,
    Trigger,
)
from greylag.model.change import Change
from greylag.schema.comparison.comparison import compare
from greylag.schema.comparison.shapes import SHAPES

TEXT, NUMBER = Type("text", "text"), Type("bigint", "int8")
USERS = Table("public", "users", (Column("id", NUMBER), Column("name", TEXT)))

SAMPLES = {
    Schema: ("schemas", Schema("app")),
    Extension: ("extensions", Extension("citext", "public", "1.6")),
    Enum: ("enums", Enum("public", "state", ("a", "b"))),
    Domain: ("domains", Domain("public", "score", NUMBER)),
    Composite: ("composites", Composite("public", "pair", (Column("a", TEXT),))),
    Sequence: ("sequences", Sequence("public", "s")),
    Table: ("tables", USERS),
    View: ("views", View("public", "v", (Column("a", TEXT),), "SELECT 1")),
    Routine: ("routines", Routine("public", "f", "x integer")),
    Dictionary: ("dictionaries", Dictionary("public", "d", (Column("a", TEXT),))),
    Other: ("others", Other("collation", "public", "c", "CREATE COLLATION c")),
}
PARTS = {
    Column: ("columns", Column("id", NUMBER)),
    Constraint: ("constraints", Constraint("users_check", "check")),
    Index: ("indexes", Index("users_idx")),
    Trigger: ("triggers", Trigger("t")),
    Policy: ("policies", Policy("p")),
    Rule: ("rules", Rule("r", "CREATE RULE")),
    Projection: ("projections", Projection("p", "SELECT 1")),
}


def other_value(kind: type, field: str, value: object) -> object:
    """A value that is not ``value``, of the kind the field takes."""
    by_name = {
        "grants": (Grant("app", ("SELECT",)),),
        "type": TEXT,
        "default": "1",
        "references": Reference(Name("public", "users"), ("id",)),
        "sequence": Name("public", "s2"),
        "parent": Name("public", "p"),
        "of_type": Name("public", "p"),
        "target": Name("public", "p"),
        "function": Name("public", "f2"),
        "owned_by": (Name("public", "users"), "id"),
    }
    if kind is Sequence and field == "type":
        return "integer"
    if field in by_name:
        return by_name[field]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 7
    if isinstance(value, tuple):
        return (*value, ("zzz", "1")) if field == "options" else (*value, "zzz")
    return f"{value} another"


def catalog(**kinds: object) -> Catalog:
    return Catalog("postgres")._replace(**kinds)


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind in SAMPLES for field in SHAPES[kind].words],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_every_field_of_an_object_is_seen(kind: type, field: str) -> None:
    place, sample = SAMPLES[kind]
    changed = sample._replace(**{field: other_value(kind, field, getattr(sample, field))})
    found = compare(catalog(**{place: (sample,)}), catalog(**{place: (changed,)}))
    word = SHAPES[kind].words[field]
    told = [change.what for change in found]
    assert told == ([word, "privileges"] if word == "owner" else [word])
    assert found[0].before != found[0].after


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind in PARTS for field in SHAPES[kind].words],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_every_field_of_a_part_is_seen(kind: type, field: str) -> None:
    place, sample = PARTS[kind]
    changed = sample._replace(**{field: other_value(kind, field, getattr(sample, field))})
    before = USERS._replace(**{place: (sample,)})
    after = USERS._replace(**{place: (changed,)})
    found = compare(catalog(tables=(before,)), catalog(tables=(after,)))
    assert [(change.kind, change.what) for change in found] == [
        (SHAPES[kind].kind, SHAPES[kind].words[field])
    ]
    assert found[0].table == "users"


@pytest.mark.parametrize("kind", [*SAMPLES, *PARTS], ids=lambda kind: kind.__name__)
def test_what_is_on_one_side_alone_is_seen_and_named_once(kind: type) -> None:
    if kind in SAMPLES:
        place, sample = SAMPLES[kind]
        full, empty = catalog(**{place: (sample,)}), catalog()
    else:
        place, sample = PARTS[kind]
        full = catalog(tables=(USERS._replace(**{place: (sample,)}),))
        empty = catalog(tables=(USERS._replace(**{place: ()}),))
    assert [change.what for change in compare(full, empty)] == ["missing"]
    assert [change.what for change in compare(empty, full)] == ["extra"]
    assert compare(full, full) == []


def test_columns_that_moved_say_from_where_to_where() -> None:
    one = USERS._replace(columns=tuple(Column(name, TEXT) for name in ("a", "b", "c")))
    other = USERS._replace(columns=tuple(Column(name, TEXT) for name in ("b", "c", "d")))
    assert compare(catalog(tables=(one,)), catalog(tables=(other,))) == [
        Change("column", "users.a", "missing", "text", "", "users"),
        Change("column", "users.b", "position", "2", "1", "users"),
        Change("column", "users.c", "position", "3", "2", "users"),
        Change("column", "users.d", "extra", "", "text", "users"),
    ]


def test_a_definition_that_differs_says_it_all_at_once() -> None:
    one = Index(
        "i", keys=(Key("a"),), predicate="(a > 1)", definition="CREATE INDEX i ON users (a) WHERE a > 1"
    )
    other = Index("i", keys=(Key("b"),), definition="CREATE INDEX i ON users (b)", clustered=True)
    before, after = (catalog(tables=(USERS._replace(indexes=(index,)),)) for index in (one, other))
    assert [change.what for change in compare(before, after)] == ["definition", "clustered"]


def test_a_statistics_target_of_an_index_is_seen_beside_an_equal_definition() -> None:
    one = Index("i", keys=(Key("a"),), definition="CREATE INDEX")
    other = one._replace(keys=(Key("a", statistics=100),))
    before, after = (catalog(tables=(USERS._replace(indexes=(index,)),)) for index in (one, other))
    assert compare(before, after) == [Change("index", "i", "statistics target", "-1", "100", "users")]


def test_the_sequence_of_an_identity_column_is_told_with_the_column() -> None:
    one = Sequence("public", "users_id_seq", internal=True, owned_by=(Name("public", "users"), "id"))
    other = one._replace(name="users_id_seq1", increment=10, position=None)
    found = compare(
        catalog(sequences=(one._replace(position=4),)), catalog(sequences=(other,)), positions=True
    )
    assert [(change.kind, change.name, change.what) for change in found] == [
        ("column", "users.id", "identity options"),
        ("column", "users.id", "sequence position"),
    ]
    assert compare(catalog(sequences=(one,)), catalog()) == []


def test_a_sequence_may_go_forward_but_not_back() -> None:
    one = catalog(sequences=(Sequence("public", "s", position=5),))
    other = catalog(sequences=(Sequence("public", "s", position=9),))
    assert compare(one, other, positions=True) == []
    assert [change.what for change in compare(other, one, positions=True)] == ["position"]
    assert compare(other, one) == []


def test_a_partition_says_its_bound_or_its_parent() -> None:
    part = USERS._replace(partition=Partition(Name("public", "all"), "FOR VALUES IN (1)"))
    moved = USERS._replace(partition=Partition(Name("public", "all"), "FOR VALUES IN (2)"))
    assert [each.what for each in compare(catalog(tables=(part,)), catalog(tables=(moved,)))] == [
        "partition bound"
    ]
    assert [each.what for each in compare(catalog(tables=(part,)), catalog(tables=(USERS,)))] == ["parents"]


def test_attributes_of_a_composite_and_of_a_dictionary() -> None:
    pair = Composite("public", "pair", (Column("a", TEXT),))
    wider = pair._replace(attributes=(Column("a", TEXT), Column("b", NUMBER)))
    assert compare(catalog(composites=(pair,)), catalog(composites=(wider,))) == [
        Change("type", "pair", "attributes", "a text", "a text, b bigint")
    ]
    book = Dictionary("d", "book", (Column("a", TEXT),))
    thick = book._replace(attributes=(Column("a", NUMBER),))
    assert [each.name for each in compare(catalog(dictionaries=(book,)), catalog(dictionaries=(thick,)))] == [
        "d.book.a"
    ]


def test_a_database_of_clickhouse_is_compared_whatever_it_is_called() -> None:
    def clickhouse(database: str, ttl: str) -> Catalog:
        return Catalog(
            "clickhouse",
            tables=(Table(database, "events", (Column("at", TEXT),), engine="MergeTree", ttl=ttl),),
            views=(View(database, "v", (), f"SELECT * FROM {database}.events", target=Name(database, "t")),),
        )

    assert compare(clickhouse("audit", "x"), clickhouse("scratch_1", "x")) == []
    assert compare(clickhouse("audit", "x"), clickhouse("scratch_1", "y")) == [
        Change("table", "events", "ttl", "x", "y", "events")
    ]


def test_what_an_extension_made_differs_with_the_extension() -> None:
    table = USERS._replace(extension="postgis")
    assert compare(catalog(tables=(table,)), catalog()) == []


def test_two_engines_are_refused() -> None:
    with pytest.raises(UsageError, match="cannot be compared"):
        compare(Catalog("postgres"), Catalog("sqlite"))


def test_other_spellings_of_one_default_are_no_difference() -> None:
    one = USERS._replace(columns=(Column("a", TEXT, default="'x'::text"),))
    other = USERS._replace(columns=(Column("a", TEXT, default="'x'::character varying"),))
    assert compare(catalog(tables=(one,)), catalog(tables=(other,))) == []
