"""Every fact of a constraint is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Constraint, Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.databases.postgres.catalog.conftest import Place

BEFORE = """CREATE TABLE u (a int, b int, PRIMARY KEY (b, a)); CREATE TABLE t (id int, a int, b int)"""
TABLE = "tables.t.constraints"
OVER = ("a", "b")
TARGET = Name("public", "u")


def key(**named: Any) -> Constraint:
    """A foreign key from t (a, b) to u (a, b)."""
    facts = {"table": TARGET, "columns": OVER}
    references = Reference(
        **{**facts, **{name: named.pop(name) for name in set(named) & set(Reference._fields)}}
    )
    return Constraint("k", "foreign key", OVER, references=references, **named)


FOREIGN = "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a, b) REFERENCES u (a, b)"
TARGETED = f"{BEFORE}; ALTER TABLE u ADD UNIQUE (a, b)"


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("", key(definition="")),
        ("ON DELETE CASCADE", key(on_delete="cascade", definition=" ON DELETE CASCADE")),
        ("ON DELETE RESTRICT", key(on_delete="restrict", definition=" ON DELETE RESTRICT")),
        ("ON DELETE SET DEFAULT", key(on_delete="set default", definition=" ON DELETE SET DEFAULT")),
        ("ON UPDATE SET NULL", key(on_update="set null", definition=" ON UPDATE SET NULL")),
        (
            "ON DELETE SET NULL (b)",
            key(on_delete="set null", set_columns=("b",), definition=" ON DELETE SET NULL (b)"),
        ),
        ("MATCH FULL", key(match="full", definition=" MATCH FULL")),
        ("DEFERRABLE", key(deferrable=True, definition=" DEFERRABLE")),
        (
            "INITIALLY DEFERRED",
            key(deferrable=True, deferred=True, definition=" DEFERRABLE INITIALLY DEFERRED"),
        ),
        ("NOT VALID", key(validated=False, definition=" NOT VALID")),
    ],
)
def test_foreign_keys(place: Place, words: str, made: Constraint) -> None:
    ending = made.definition
    match, rest = (ending, "") if "MATCH" in ending else ("", ending)
    said = f"FOREIGN KEY (a, b) REFERENCES u(a, b){match}{rest}"
    table = place.look(f"{TARGETED}; {FOREIGN} {words}").tables[0]
    assert table.constraints == (made._replace(definition=said),)


@pytest.mark.parametrize(
    ("before", "ddl", "differences"),
    [
        (FOREIGN + " NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT k", {"k.validated": (False, True)}),
        (FOREIGN, "COMMENT ON CONSTRAINT k ON t IS 'why'", {"k.comment": ("", "why")}),
        (FOREIGN, "ALTER TABLE t ALTER CONSTRAINT k DEFERRABLE", {"k.deferrable": (False, True)}),
        (FOREIGN, "ALTER TABLE t DISABLE TRIGGER ALL", {"k.enforced": (True, False)}),
    ],
)
def test_what_alter_changes(
    change: Callable[[str, str], dict[str, Any]], before: str, ddl: str, differences: dict[str, Any]
) -> None:
    found = change(f"{TARGETED}; {before}", ddl)
    found.pop(f"{TABLE}.k.definition", None)
    assert found == {f"{TABLE}.{path}": values for path, values in differences.items()}


def test_keys_have_their_columns_in_key_order(place: Place) -> None:
    _, table = place.look(BEFORE).tables
    assert table.constraints == (
        Constraint("u_pkey", "primary key", ("b", "a"), index_name="u_pkey", definition="PRIMARY KEY (b, a)"),
    )


def test_a_unique_key_with_all_its_words(place: Place) -> None:
    place.run(BEFORE)
    ddl = "ALTER TABLE t ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (b) INCLUDE (a) DEFERRABLE INITIALLY DEFERRED"
    table = place.look(ddl).tables[0]
    assert table.constraints == (
        Constraint(
            "k",
            "unique",
            ("b",),
            index_name="k",
            deferrable=True,
            deferred=True,
            definition="UNIQUE NULLS NOT DISTINCT (b) INCLUDE (a) DEFERRABLE INITIALLY DEFERRED",
        ),
    )


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        ("CHECK (b > 0 AND a > b)", {"columns": OVER, "expression": "((b > 0) AND (a > b))"}),
        ("CHECK (true)", {"expression": "true"}),
        (
            "CHECK (a > 0) NO INHERIT NOT VALID",
            {"columns": ("a",), "expression": "(a > 0)", "no_inherit": True, "validated": False},
        ),
    ],
)
def test_checks(place: Place, words: str, facts: dict[str, Any]) -> None:
    table = place.look(f"{BEFORE}; ALTER TABLE t ADD CONSTRAINT k {words}").tables[0]
    (made,) = table.constraints
    assert made == Constraint("k", "check", **facts, definition=made.definition)
    assert made.definition.startswith("CHECK (")


def test_exclusions(place: Place) -> None:
    ddl = "ALTER TABLE t ADD CONSTRAINT k EXCLUDE USING gist (int4range(a, b) WITH &&) WHERE (id > 5)"
    table = place.look(f"{BEFORE}; {ddl}").tables[0]
    assert table.constraints == (
        Constraint(
            "k",
            "exclude",
            (),
            index_name="k",
            definition="EXCLUDE USING gist (int4range(a, b) WITH &&) WHERE ((id > 5))",
        ),
    )


def test_what_is_inherited_is_not_ones_own(place: Place) -> None:
    place.run(
        "CREATE TABLE parent (a int CONSTRAINT c CHECK (a > 0)); CREATE TABLE child () INHERITS (parent)"
    )
    child, parent = place.look().tables
    assert [each.own for table in (child, parent) for each in table.constraints] == [False, True]


def test_a_key_to_a_partitioned_table_is_one_key(place: Place) -> None:
    place.run("CREATE TABLE p (k int PRIMARY KEY) PARTITION BY LIST (k)")
    place.run("CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE t (k int REFERENCES p)")
    table = place.look().tables[-1]
    assert [each.name for each in table.constraints] == ["t_k_fkey"]


def test_a_key_out_of_the_schemas_asked_for(place: Place) -> None:
    place.run(
        "CREATE SCHEMA far; CREATE TABLE far.u (b int, a int, UNIQUE (a, b)); CREATE TABLE t (x int, y int)"
    )
    place.run("ALTER TABLE t ADD FOREIGN KEY (x, y) REFERENCES far.u (a, b)")
    (table,) = place.look(schemas=["public"]).tables
    (made,) = table.constraints
    assert made.references == Reference(Name("far", "u"), ("a", "b"))
