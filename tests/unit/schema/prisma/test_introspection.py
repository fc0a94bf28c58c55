"""The whole road, without a database: order, counts and refusals."""

from __future__ import annotations

import pytest

from greylag.model.catalog.objects import Enum
from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Partition
from greylag.schema.prisma.introspection import EmptyError, introspect, sight_of
from greylag.schema.prisma.parser import parse
from tests.plugins.pictures import HEAD, blocks, catalog, pulled, table


def test_settings_models_enums() -> None:
    found = pulled(table("b", "id"), table("a", "id"), enums=(Enum("public", "e", ("x",)),))
    assert found.text == (
        HEAD + "\nmodel a {\n  id Int @id\n}\n\nmodel b {\n  id Int @id\n}\n\nenum e {\n  x\n}\n"
    )
    assert found.models == 2


def test_what_is_known_keeps_its_place_and_what_is_new_follows() -> None:
    old = "model c {\n  id Int @id\n}\n\nmodel a {\n  id Int @id\n}\n"
    text = blocks(table("a", "id"), table("b", "id"), table("c", "id"), before=old)
    assert [line for line in text.split("\n") if line.startswith("model")] == [
        "model c {", "model a {", "model b {",
    ]  # fmt: skip
    assert pulled(table("a", "id"), before=old).text.count("model") == 1


def test_a_second_pull_changes_nothing() -> None:
    first = pulled(table("a", "id"), table("b-c", "id", "x y")).text
    again = introspect(catalog(table("a", "id"), table("b-c", "id", "x y")), parse(first), ["public"])
    assert again.text == first


def test_force_forgets_the_old_models_and_keeps_the_settings() -> None:
    old = HEAD.replace("client {", "mine {") + 'model A {\n  id Int @id\n  @@map("a")\n}\n'
    text = introspect(catalog(table("a", "id")), parse(old), ["public"], forget=True).text
    assert "generator mine {" in text and "model a {" in text


def test_an_empty_database_is_refused() -> None:
    with pytest.raises(EmptyError):
        pulled()
    with pytest.raises(EmptyError):
        pulled(enums=(Enum("public", "none", ()),))


def test_a_file_without_a_datasource_cannot_be_pulled_into() -> None:
    with pytest.raises(ValueError, match="datasource"):
        introspect(catalog(table("a", "id")), parse(""), ["public"])


def test_one_block_that_cannot_be_read_does_not_disturb_the_others() -> None:
    text = blocks(table("á", "id"), table("b", "id", "longer"))
    assert text == ('model b {\n  id     Int  @id\n  longer Int?\n}\n\nmodel  {\nid Int @id\n@@map("á")\n}\n')


def test_a_sight_of_a_catalog() -> None:
    parent, child = Name("public", "p"), table("c", "id", parents=(Name("public", "q"),))
    part = table("part", "id", partition=Partition(parent, "DEFAULT"))
    assert sight_of(catalog(part, child)).parents == {parent, Name("public", "q")}
