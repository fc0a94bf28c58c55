from __future__ import annotations

from greylag.model.catalog.tables import Constraint, Index, Key
from greylag.schema.models.indexes import deferring, exclusion, index, key_text, options
from greylag.schema.models.writing import flat


def test_a_plain_index() -> None:
    assert flat(index(Index("i", keys=(Key("a"), Key("b"))), "postgres")) == 'sa.Index("i", "a", "b")'


def test_what_postgresql_alone_knows() -> None:
    found = Index(
        "i", "gin", True, (Key("a", opclass="x_ops", default_opclass=False), Key(expression="lower(b)", descending=True)),
        include=("c",), predicate="(a > 0)", nulls_distinct=False, options=(("fillfactor", "70"),), tablespace="fast",
    )  # fmt: skip
    assert flat(index(found, "postgres")) == (
        'sa.Index("i", "a", sa.text("(lower(b)) DESC NULLS LAST"), unique=True, postgresql_using="gin", '
        'postgresql_include=["c"], postgresql_ops={"a": "x_ops"}, postgresql_nulls_not_distinct=True, '
        'postgresql_with={"fillfactor": "70"}, postgresql_tablespace="fast", postgresql_where=sa.text("(a > 0)"))'
    )


def test_sqlite_says_nothing_of_null() -> None:
    keys = (Key("a", nulls_first=True), Key("b", descending=True))
    found = Index("i", keys=keys, predicate="a > 0")
    assert flat(index(found, "sqlite")) == (
        'sa.Index("i", "a", sa.text("b DESC"), sqlite_where=sa.text("a > 0"))'
    )


def test_a_key_as_sql() -> None:
    key = Key("X y", opclass="o", default_opclass=False, opclass_options=(("siglen", "8"),), collation='"C"')
    assert key_text(key) == '"X y" COLLATE "C" o(siglen=\'8\')'
    assert key_text(Key("a", descending=True, nulls_first=True)) == "a DESC"
    assert key_text(Key("a", nulls_first=True)) == "a NULLS FIRST"


def test_an_exclusion_is_read_from_its_definition() -> None:
    text = "EXCLUDE USING gist (room WITH =, tstzrange(a, b, '[)'::text) WITH &&) WHERE ((a > b))"
    constraint = Constraint("e", "exclude", definition=text, deferrable=True, deferred=True)
    found = exclusion(constraint, Index("e", "gist", predicate="(a > b)"))
    assert found is not None
    assert flat(found) == (
        'pg.ExcludeConstraint((sa.text("room"), "="), (sa.text("tstzrange(a, b, \'[)\'::text)"), "&&"), '
        'name="e", using="gist", where=sa.text("(a > b)"), deferrable=True, initially="DEFERRED")'
    )
    assert exclusion(constraint._replace(definition="EXCLUDE"), Index("e")) is None
    assert exclusion(constraint, None) is None


def test_deferring_and_options() -> None:
    assert deferring(Constraint("c", "unique")) == {}
    assert deferring(Constraint("c", "unique", deferrable=True)) == {"deferrable": "True"}
    assert flat(options((("a", "1"),))) == '{"a": "1"}'
