from __future__ import annotations

import pytest

from greylag.schema.models.names import (
    ORM_GLOBALS,
    Words,
    attribute,
    class_name,
    field,
    free,
    identifier,
    member,
    plural,
    singular,
    unique_classes,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("id", "id"),
        ("class", "class_"),
        ("a b-c", "a_b_c"),
        ("1st", "n1st"),
        ("", "_"),
        ("ﬁx", "fix"),
        ("한글", "한글"),
    ],
)
def test_any_text_is_a_name(text: str, name: str) -> None:
    assert identifier(text) == name and name.isidentifier()


def test_a_taken_name_gets_a_suffix() -> None:
    assert [free("a", {"a"}), free("a", {"a", "a_"}), free("a", {"a"}, {"a_", "a_2"})] == ["a_", "a_2", "a_3"]


def test_names_that_sqlalchemy_or_the_file_need_are_not_hidden() -> None:
    assert attribute("metadata") == "metadata_" and attribute("registry") == "registry_"
    assert attribute("int", ORM_GLOBALS) == "int_" and attribute("uuid", ORM_GLOBALS) == "uuid"
    assert attribute("__private") == "n__private"


def test_names_that_pydantic_keeps_are_not_taken() -> None:
    assert [field(each) for each in ("_id", "json", "model_x", "__", "_class", "metadata")] == [
        "id",
        "json_",
        "model_x_",
        "n",
        "class_",
        "metadata",
    ]


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("users", "user"),
        ("addresses", "address"),
        ("categories", "category"),
        ("statuses", "status"),
        ("children", "child"),
        ("boxes", "box"),
        ("quotas", "quota"),
        ("photos", "photo"),
        ("Movies", "Movy"),
    ],
)
def test_one_of_many(many: str, one: str) -> None:
    assert singular(many) == one


@pytest.mark.parametrize(
    "word", ["status", "address", "analysis", "analytics", "series", "news", "data", "canvas", "os"]
)
def test_words_that_are_one_already(word: str) -> None:
    assert singular(word) == word


def test_many_of_one() -> None:
    found = {
        word: plural(word)
        for word in ("user", "users", "category", "day", "box", "child", "analytics", "a_key")
    }
    assert found == {
        "user": "users",
        "users": "users",
        "category": "categories",
        "day": "days",
        "box": "boxes",
        "child": "children",
        "analytics": "analytics",
        "a_key": "a_keys",
    }


def test_words_answer_as_inflect_does() -> None:
    words = Words()
    assert words.singular_noun("audit_logs") == "audit_log" and words.singular_noun("legal_basis") is False
    assert words.plural_noun("audit_log") == "audit_logs"


def test_classes_of_one_name_get_their_schema_then_a_suffix() -> None:
    named = [
        ("public", "users"),
        ("audit", "users"),
        ("", "user"),
        ("public", "base"),
        ("public", "2fa_keys"),
        ("", "-"),
    ]
    assert unique_classes(named, ORM_GLOBALS) == ["User", "AuditUser", "User_", "Base_", "N2faKey", "Unnamed"]
    assert class_name("OAuthProviders") == "OAuthProvider"


def test_members_of_an_enum() -> None:
    taken: set[str] = set()
    found = []
    for value in ("active", "ACTIVE", "", "2nd", "in-progress", "*", "none", "mro"):
        found.append(member(value, taken))
        taken.add(found[-1])
    assert found == ["ACTIVE", "ACTIVE_", "EMPTY", "VALUE_2ND", "IN_PROGRESS", "VALUE", "NONE", "MRO_"]
