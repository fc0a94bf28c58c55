"""What a pull is told beside the database: comments as documentation, stamps, what a file says of a model."""

from __future__ import annotations

import re

import pytest

from greylag.model.catalog.objects import Enum, Routine
from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Trigger
from greylag.schema.prisma.mended.preset import touched_columns
from greylag.schema.prisma.notes import NO_KEY
from tests.plugins.pictures import a_type, catalog, column, index, key, table
from tests.plugins.tending import VIEWS, tended
from tests.unit.schema.prisma.mended.test_chosen import view

BODY = 'BEGIN NEW.updated_at = now(); NEW."revised on" := now(); NEW.seen=1; RETURN NEW; END'


def test_comments_of_the_database_are_documentation() -> None:
    text = tended(
        table(
            "users", "id", column("bio", "text", comment="One.\n\n  Two.\r\nThree. "), comment="Who  is who"
        ),
        enums=(Enum("public", "state", ("on",), comment="On or off"),),
    )
    assert text == (
        "/// Who  is who\nmodel users {\n  id  Int     @id\n  /// One.\n  ///\n  ///   Two.\n  /// Three.\n"
        "  bio String?\n}\n\n/// On or off\nenum state {\n  on\n}\n"
    )


def test_a_comment_that_changed_is_replaced_and_one_that_went_stays() -> None:
    old = "// note\n/// Old.\nmodel t {\n  /// Old too.\n  id Int @id\n}\n"
    new = table("t", column("id", comment="New too."), comment="New.")
    assert tended(new, before=old) == "// note\n/// New.\nmodel t {\n  /// New too.\n  id Int @id\n}\n"
    assert tended(table("t", "id"), before=old) == old


def test_notes_about_prismas_own_migrations_are_not_written() -> None:
    text = tended(table("t", column("id", comment="Key"), row_security=True, indexes=(index("x", ""),)))
    assert text == "model t {\n  /// Key\n  id Int @id\n}\n"


@pytest.mark.parametrize("comment", ["", "About t"])
def test_a_table_without_a_key_is_ignored_and_says_so(comment: str) -> None:
    text = tended(table("t", "id", keyed=False, comment=comment))
    said = f"/// {comment}\n" if comment else ""
    assert text == f"{said}/// {NO_KEY}\nmodel t {{\n  id Int?\n\n  @@ignore\n}}\n"
    assert tended(table("t", "id", comment=comment), before=text) == f"{said}model t {{\n  id Int @id\n}}\n"


def test_a_model_that_a_person_ignored_stays_ignored() -> None:
    old = "model t {\n  id Int @id\n\n  @@ignore\n}\n"
    assert tended(table("t", "id"), before=old) == old


def test_relations_to_a_table_without_a_key() -> None:
    keyless = table("k", "id", keyed=False, indexes=(index("u", "id", unique=True),))
    text = tended(keyless, table("t", "id", "k_id", constraints=(key("f", ("k_id",), "k"),)))
    assert "@@ignore" in text and re.search(r"k +k\? .*@ignore", text)


def test_stamps_are_known_by_a_trigger_and_by_their_name() -> None:
    moments = [column(name, "timestamptz") for name in ("updated_at", "revised", "created_at")]
    moments += [column("modified_at", "text"), column("last_modified", a_type("timestamptz", array=True))]
    trigger = Trigger("touch", timing="before", events=("update",), function=Name("public", "touch"))
    routine = Routine("public", "touch", "", definition="BEGIN NEW.revised = now(); RETURN NEW; END")
    tables = table("t", "id", *moments, triggers=(trigger,))
    text = tended(tables, camel=True, routines=(routine,))
    stamped = {line.split()[0] for line in text.splitlines() if "@updatedAt" in line}
    assert stamped == {"updatedAt", "revised"}
    assert "@updatedAt" not in tended(tables, routines=(routine,))
    without = text.replace("@updatedAt ", "").replace("@updatedAt", "")
    assert "@updatedAt" not in tended(tables, before=without, camel=True, routines=(routine,))


def test_what_a_trigger_touches() -> None:
    routine = Routine("app", "touch", "", definition=BODY)
    before = Trigger("a", timing="before", events=("insert", "update"), function=Name("app", "touch"))
    after = before._replace(timing="after")
    other = before._replace(function=Name("app", "gone"))
    found = touched_columns(
        catalog(
            table("t", "id", triggers=(before,)),
            table("u", "id", triggers=(after,)),
            table("v", "id", triggers=(other,)),
            routines=(routine,),
        )
    )
    assert found == {("public", "t"): frozenset({"updated_at", "seen"})}


def test_what_the_client_alone_knows_stays() -> None:
    old = (
        "model t {\n  id    String   @id @default(cuid()) // key\n  at    DateTime @updatedAt\n  hidden Int? @ignore\n  n Int\n\n"
        '  @@unique([at, n], name: "moment")\n}\n'
    )
    made = table(
        "t", column("id", "text"), column("at", "timestamptz", nullable=False), "hidden", column("n", nullable=False),
        indexes=(index("t_at_n_key", "at", "n", unique=True),),
    )  # fmt: skip
    text = tended(made, before=old)
    for kept in ("@default(cuid()) // key", "@updatedAt", "@ignore", 'name: "moment"'):
        assert kept in text


def test_a_constraint_that_was_renamed_is_called_by_its_new_name() -> None:
    def posts(name: str) -> object:
        return table("posts", "id", "user_id", constraints=(key(name, ("user_id",), "users"),))

    first = tended(table("users", "id"), posts("old_name"))
    assert 'map: "old_name"' in first
    second = tended(table("users", "id"), posts("new_name"), before=first)
    assert 'map: "new_name"' in second and "old_name" not in second
    assert "map" not in tended(table("users", "id"), posts("posts_user_id_fkey"), before=second)


def test_several_schemas() -> None:
    head = VIEWS.replace('["views"]', '["views"]').replace(
        'url      = env("DATABASE_URL")', 'url      = env("DATABASE_URL")\n  schemas  = ["app", "public"]'
    )
    from greylag.schema.prisma.mended.pull import tend
    from greylag.schema.prisma.parser import parse

    made = catalog(
        table("users", "id"),
        table("users", "id", "user_id", schema="app", constraints=(key("k", ("user_id",), "public.users"),)),
        enums=(Enum("app", "state", ("a",)), Enum("public", "state", ("b",))),
        views=(view("v", "id"),),
    )
    for camel in (False, True):
        found = tend(made, parse(head), [], by_convention=camel)
        assert found.problems == ()
        assert found.text.count('@@schema("app")') == 2 and found.text.count('@@schema("public")') == 3
        assert tend(made, parse(found.text), [], by_convention=camel).text == found.text
