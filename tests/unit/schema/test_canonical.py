from __future__ import annotations

import json

import pytest

from greylag.errors import UsageError
from greylag.model.catalog import catalog as whole
from greylag.model.catalog import objects, parts, tables
from greylag.schema.canonical import from_json, to_json

NAME, TYPE = parts.Name("app", "x"), parts.Type("numeric(10,2)", "numeric", "pg_catalog", modifiers=(10, 2))
DOMAIN = parts.Type("score", "score", "public", "domain", base=TYPE)
COLUMN = parts.Column(
    "a",
    DOMAIN,
    default="1",
    sequence=NAME,
    grants=(parts.Grant("", ("SELECT",), ("SELECT",)),),
    options=(("n", "1"),),
)
FULL = whole.Catalog(
    "postgres",
    "16.4",
    schemas=(objects.Schema("app", grants=()),),
    extensions=(objects.Extension("citext", "public", "1.6"),),
    enums=(objects.Enum("app", "state", ("a", "b")),),
    domains=(objects.Domain("app", "score", TYPE, constraints=(tables.Constraint("c", "check"),)),),
    composites=(objects.Composite("app", "pair", (COLUMN,)),),
    sequences=(objects.Sequence("app", "s", "integer", owned_by=(NAME, "a")),),
    tables=(
        tables.Table(
            "app",
            "t",
            (COLUMN,),
            (
                tables.Constraint(
                    "f", "foreign key", ("a",), references=tables.Reference(NAME, ("a",), set_columns=("a",))
                ),
            ),
            (tables.Index("i", keys=(tables.Key("a", opclass_options=(("x", "1"),)),), parent=NAME),),
            (tables.Trigger("t", "before", ("update",), columns=("a",), function=NAME),),
            (tables.Policy("p", roles=("app",)),),
            (tables.Rule("r", "CREATE RULE"),),
            partition=tables.Partition(NAME, "FOR VALUES IN (1)"),
            parents=(NAME,),
            of_type=NAME,
            projections=(tables.Projection("p", "SELECT 1"),),
        ),
    ),
    views=(objects.View("app", "v", (COLUMN,), "SELECT 1", target=NAME),),
    routines=(objects.Routine("app", "f", "x integer"),),
    dictionaries=(objects.Dictionary("app", "d", (COLUMN,)),),
    others=(objects.Other("cast", "", "a as b", "CREATE CAST"),),
)


def test_a_catalog_comes_back_as_it_went() -> None:
    again = from_json(json.loads(json.dumps(to_json(FULL))))
    assert again == FULL
    assert [
        type(each) for each in (again.tables[0], again.tables[0].parents[0], again.sequences[0].owned_by[0])
    ] == [
        tables.Table,
        parts.Name,
        parts.Name,
    ]


def test_equal_types_are_one_object_again() -> None:
    again = from_json(json.loads(json.dumps(to_json(FULL))))
    assert again.tables[0].columns[0].type is again.views[0].columns[0].type
    assert again.domains[0].type is again.tables[0].columns[0].type.base


def test_what_is_at_its_default_is_left_out() -> None:
    assert to_json(parts.Column("a", parts.Type("text", "text"))) == {
        "name": "a",
        "type": {"text": "text", "name": "text"},
    }


def test_no_grants_and_the_engines_own_are_two_things() -> None:
    assert to_json(objects.Schema("a", grants=())) == {"name": "a", "grants": []}
    assert to_json(objects.Schema("a")) == {"name": "a"}


@pytest.mark.parametrize(
    "facts", [None, [], {"tables": []}, {"engine": "x", "sorts": 1}, {"engine": "x", "tables": [1]}]
)
def test_what_is_no_catalog_is_refused(facts: object) -> None:
    with pytest.raises(UsageError, match="no catalog in greylag's form"):
        from_json(facts)
