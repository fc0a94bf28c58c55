from __future__ import annotations

import json
from typing import TYPE_CHECKING

from greylag.cli.schema.diff import strictness
from greylag.model.catalog.catalog import Catalog
from greylag.model.catalog.parts import Column, Type
from greylag.model.catalog.tables import Table
from greylag.schema.canonical import to_json

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


def save(here: Here, name: str, *columns: str) -> None:
    made = tuple(Column(each, Type("text", "text")) for each in columns)
    catalog = Catalog("postgres", tables=(Table("public", "users", made),))
    (here.base / name).write_text(json.dumps(to_json(catalog)))


def test_equal_sides_are_0(here: Here) -> None:
    save(here, "a.json", "id")
    answer = here.greylag("schema", "diff", "a.json", "a.json")
    assert (answer.code, answer.lines) == (0, ["--- a.json", "+++ a.json", "no differences"])


def test_different_ones_are_1_and_told(here: Here) -> None:
    save(here, "a.json", "id", "name")
    save(here, "b.json", "id")
    answer = here.greylag("schema", "diff", "a.json", "b.json")
    assert (answer.code, answer.lines) == (
        1,
        [
            "--- a.json",
            "+++ b.json",
            "  table users",
            "  - column name  text",
            "1 difference: 1 missing",
        ],
    )


def test_json(here: Here) -> None:
    save(here, "a.json", "id", "name")
    save(here, "b.json", "id")
    answer = here.greylag("schema", "diff", "a.json", "b.json", "--json")
    assert answer.code == 1
    facts = answer.json()
    assert (facts["before"], facts["after"]) == ("a.json", "b.json")
    assert [each["name"] for each in facts["differences"]] == ["users.name"]


def test_options_say_what_counts() -> None:
    assert strictness(no_owner=True, no_privileges=False) == (False, True)
