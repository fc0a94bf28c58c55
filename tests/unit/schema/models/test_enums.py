from __future__ import annotations

from enum import StrEnum
from typing import Any

from greylag.model.catalog.objects import Enum
from greylag.model.catalog.parts import Name
from greylag.schema.models.enums import EnumColumns, enum_class, enum_names


def made(values: tuple[str, ...], comment: str = "") -> Any:
    space: dict[str, Any] = {"StrEnum": StrEnum}
    exec("\n".join(enum_class("Made", values, comment)), space)
    return space["Made"]


def test_a_class_with_every_value_under_a_name() -> None:
    found = made(("active", "Active", "in progress", "1", "", "it's"), "What it\nis")
    assert [each.value for each in found] == ["active", "Active", "in progress", "1", "", "it's"]
    assert (
        found.ACTIVE == "active"
        and found.IN_PROGRESS.value == "in progress"
        and found.__doc__.startswith("What it")
    )


def test_an_enum_without_values() -> None:
    assert list(made(())) == []


def test_names_stay_apart_from_classes_and_from_each_other() -> None:
    enums = [
        Enum("app", "user_role", ()),
        Enum("app", "mood", ()),
        Enum("public", "mood", ()),
        Enum("app", "Mood", ()),
    ]
    assert enum_names(enums, {"UserRole"}) == {
        Name("app", "user_role"): "UserRoleEnum",
        Name("app", "mood"): "Mood",
        Name("public", "mood"): "PublicMood",
        Name("app", "Mood"): "AppMood",
    }


def test_one_class_for_the_values_of_a_column() -> None:
    columns = EnumColumns({"EventLevel"})
    assert columns.name("events", "level", ("a",)) == "EventLevel_"
    assert columns.name("events", "kind", ("a",)) == "EventKind" == columns.name("events", "kind", ("a",))
    assert columns.classes == {"EventLevel_": ("a",), "EventKind": ("a",)}
