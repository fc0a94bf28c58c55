from __future__ import annotations

from typing import Any

import pytest

from greylag.model.catalog.objects import Sequence
from greylag.model.catalog.parts import Column, Name
from greylag.model.catalog.tables import Constraint, Reference
from greylag.schema.models.columns import Context, annotation, column, foreign_key, is_serial, sequence_object
from greylag.schema.models.kinds import Kind
from greylag.schema.models.writing import flat
from tests.plugins.pictures import column as a_column
from tests.plugins.pictures import table

INT = Kind("sa.Integer()", "int", "int")
SERIAL = Sequence("public", "t_id_seq", "integer", maximum=2147483647, owned_by=(Name("public", "t"), "id"))
PLACE = Name("public", "t_id_seq")


def context(
    *foreign: Constraint, engine: str = "postgres", key: tuple[str, ...] = ("id",), **sequence: Any
) -> Context:
    return Context(table("t", "id", "a"), engine, {PLACE: SERIAL._replace(**sequence)}, key, foreign)


def written(found: Column, where: Context, attribute: str = "a", kind: Kind = INT) -> str:
    return flat(column(found, kind, where, attribute=attribute))


def test_what_a_column_says() -> None:
    found = a_column("a", nullable=False, default="'x:y'::text", comment='say "it"')
    assert written(found, context()) == (
        "mapped_column(sa.Integer(), server_default=sa.text(\"'x:y'::text\"), comment='say \"it\"')"
    )
    assert written(found, context(), "").startswith('sa.Column("a", sa.Integer(), nullable=False')
    assert written(a_column("a"), context(), "a_") == 'mapped_column("a", sa.Integer())'


def test_keys() -> None:
    serial = a_column("id", nullable=False, default="nextval('t_id_seq'::regclass)", sequence=PLACE)
    assert is_serial(serial, context())
    assert written(serial, context(), "id") == "mapped_column(sa.Integer(), primary_key=True)"
    assert not is_serial(serial, context(start=5)) and not is_serial(serial, context(key=("id", "a")))
    assert "nextval" in written(serial, context(cache=9), "id")
    bare = a_column("id", nullable=False)
    assert (
        written(bare, context(), "id") == "mapped_column(sa.Integer(), primary_key=True, autoincrement=False)"
    )
    assert "autoincrement" not in written(bare, context(engine="sqlite"), "id")


def test_identity_and_generated() -> None:
    identity = a_column("id", nullable=False, identity="always", sequence=PLACE)
    assert written(identity, context(start=7, increment=2), "id") == (
        "mapped_column(sa.Integer(), sa.Identity(always=True, start=7, increment=2), primary_key=True)"
    )
    generated = a_column("a", default="(id * 2)", generated="stored")
    assert written(generated, context()) == (
        'mapped_column(sa.Integer(), sa.Computed("(id * 2)", persisted=True))'
    )


@pytest.mark.parametrize(
    ("default", "kept"), [("1", "1"), ("'a (b)'", "'a (b)'"), ("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
                          ("'a' || 'b'", "('a' || 'b')"), ("random()", "(random())"), ("(1)", "(1)")]
)  # fmt: skip
def test_sqlite_gets_its_brackets_back(default: str, kept: str) -> None:
    assert f'sa.text("{kept}")' in written(a_column("a", default=default), context(engine="sqlite"))


def test_annotations() -> None:
    assert annotation(a_column("a"), INT) == "int | None"
    assert annotation(a_column("a", nullable=False), INT) == "int"
    assert annotation(a_column("a"), INT._replace(nullable=False)) == "int"
    assert "nullable=True" in written(a_column("a"), context(), kind=INT._replace(nullable=False))
    assert "nullable=False" in written(
        a_column("a", nullable=False), context(), kind=Kind("X()", "Any", "Any")
    )


def test_foreign_keys() -> None:
    reference = Reference(Name("app", "u"), ("id",), "cascade", "set null", "full", ("a",))
    found = Constraint(
        "fk", "foreign key", ("a",), references=reference, deferrable=True, deferred=True, validated=False
    )
    text = (
        'name="fk", onupdate="CASCADE", ondelete="SET NULL (a)", deferrable=True, initially="DEFERRED", '
        'match="FULL", postgresql_not_valid=True)'
    )
    assert flat(foreign_key(found, context())) == f'sa.ForeignKey("app.u.id", {text}'
    whole = flat(foreign_key(found, context(), whole=True))
    assert whole == f'sa.ForeignKeyConstraint(["a"], ["app.u.id"], {text}'
    assert f'sa.ForeignKey("app.u.id", {text}' in written(a_column("a"), context(found))


def test_sequences() -> None:
    name, value = sequence_object(Sequence("app", "Order No", "integer", 5, 2, 1, 2147483647, 3, True))
    assert name == "s_Order_No"
    assert flat(value) == (
        'sa.Sequence("Order No", start=5, increment=2, cache=3, cycle=True, data_type=sa.Integer(), '
        'schema="app", metadata=Base.metadata)'
    )
