"""The notes above models."""

from __future__ import annotations

from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Constraint, Index, Key, Table
from greylag.schema.prisma.notes import model_docs, view_docs
from greylag.schema.prisma.relations import Relations
from tests.plugins.pictures import column, index, matching, table


def notes(made: Table, *others: Table, before: str = "") -> list[str]:
    found = matching(made, *others, before=before)
    seen = found.picture.by_id["public", made.name]
    return model_docs(found, Relations(found), seen, found.model_of(seen))


EVERYTHING = table(
    "class", column("id", comment="c"),
    kind="ordinary", row_security=True,
    constraints=(
        Constraint("ck", "check", ("id",)), Constraint("ex", "exclude", ("id",)),
        Constraint("class_pkey", "primary key", ("id",), deferrable=True),
    ),
    indexes=(
        Index("nulls", keys=(Key("id", nulls_first=True),)), Index("lowered", keys=(Key(expression="x"),)),
        index("class_pkey", "id", unique=True, constraint="class_pkey"),
    ),
    keyed=False,
)  # fmt: skip


def test_notes_come_in_prismas_order() -> None:
    child = table("child", "id", parents=(Name("public", "class"),))
    first_words = [
        note.split(" and requires")[0].split(", ")[0].rstrip(",") for note in notes(EVERYTHING, child)
    ]
    assert first_words == [
        "This model has been renamed to 'Renamedclass' during introspection",
        "This table has subclasses",
        "This table contains check constraints",
        "This table contains exclusion constraints",
        (
            "The underlying table does not contain a valid unique identifier and can therefore currently not be "
            "handled by Prisma Client."
        ),
        "This model or at least one of its fields has comments in the database",
        "This model has constraints using non-default deferring rules",
        "This model contains row level security",
        "This model contains an index with non-default null sort order",
        (
            "This model contains an expression index which requires additional setup for migrations. Visit "
            "https://pris.ly/d/expression-indexes for more info."
        ),
    ]


def test_a_model_that_is_known_gets_few_of_them_and_none_twice() -> None:
    old = '/// Mine.\nmodel Klass {\n  id Int?\n\n  @@map("class")\n}\n'
    found = notes(EVERYTHING, before=old)
    assert found[0] == "Mine."
    assert [note[:20] for note in found[1:]] == [
        "The underlying table", "This model contains ", "This model contains ",
    ]  # fmt: skip
    again = "".join(f"/// {note}\n" for note in found) + old.partition("\n")[2]
    assert notes(EVERYTHING, before=again) == found


def test_a_table_without_columns() -> None:
    assert [note[:25] for note in notes(table("t", "x", keyed=False)._replace(columns=()))] == [
        "We could not retrieve col"
    ]


def test_an_odd_order_of_nulls_is_noted_for_new_indexes_alone() -> None:
    made = table("t", "id", "a", indexes=(Index("i", keys=(Key("a", nulls_first=True),)),))
    old = 'model t {\n  id Int @id\n  a Int?\n  @@index([a], map: "i")\n}\n'
    assert len(notes(made)) == 1
    assert notes(made, before=old) == []
    assert len(notes(made, before=old.replace('"i"', '"other"'))) == 1


def test_views() -> None:
    found = matching(table("v", column("x", comment="c")), before="/// Old.\nview v {\n  x Int\n}\n")
    view = found.picture.tables[0]
    assert view_docs(view, "Renamedv", "v", None)[0].startswith("This view has been renamed to 'Renamedv'")
    assert len(view_docs(view, "v", None, None)) == 1
    assert view_docs(view, "v", None, found.previous.views[0]) == ["Old."]
