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


def test_a_schema_prisma_beside_another(here: Here) -> None:
    head = 'datasource db {\n  provider = "postgresql"\n  url = env("URL")\n}\n'
    users = "\nmodel users {\n  id Int @id\n  name String?\n\n  @@index([name])\n}\n"
    (here.base / "a.prisma").write_text(head + users)
    (here.base / "b.prisma").write_text(
        head + users.replace("String?", "String").replace("@@index", "@@unique")
    )
    answer = here.greylag("schema", "diff", "a.prisma", "b.prisma")
    assert (answer.code, answer.lines) == (
        1,
        [
            "--- a.prisma",
            "+++ b.prisma",
            "  model users",
            "  ~ field name type: String? → String",
            "  - @@index [name]  @@index([name])",
            "  + @@unique [name]  @@unique([name])",
            "3 differences: 1 missing, 1 extra, 1 changed",
        ],
    )
    facts = here.greylag("schema", "diff", "a.prisma", "b.prisma", "--json").json()
    assert facts["differences"][0] == {
        "kind": "field",
        "name": "users.name",
        "what": "type",
        "before": "String?",
        "after": "String",
        "table": "users",
    }
    assert here.greylag("schema", "diff", "a.prisma", "a.prisma").code == 0
