from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.migrations.names import camel_case, snake_case


# answers of goose itself
@pytest.mark.parametrize(
    ("name", "snake", "camel"),
    [
        ("add_user_preferences", "add_user_preferences", "AddUserPreferences"),
        ("Add Some Column", "add_some_column", "AddSomeColumn"),
        ("camelCaseName", "camelcasename", "Camelcasename"),
        ("_$$_This is some text, OK?!", "this_is_some_text_ok", "ThisIsSomeTextOk"),
        ("a-", "a_", "A"),
        ("a--", "a", "A"),
        ("a---", "a", "A"),
        ("--a", "a", "A"),
        ("a--b", "a_b", "AB"),
        ("", "", ""),
        ("!", "", ""),
        ("v2", "v2", "V2"),
        ("2fa", "2fa", "2fa"),
        ("Größe ändern", "größe_ändern", "GrößeÄndern"),
        ("사용자 추가", "사용자_추가", "사용자추가"),
        ("İstanbul", "istanbul", "İstanbul"),
        ("ßtrasse ᾳx", "ßtrasse_ᾳx", "ßtrasseᾼx"),
        ("x²", "x²", "X²"),
        ("a\udcffb", "a_b", "AB"),
        ("a.b/c\\d", "a_b_c_d", "ABCD"),
    ],
)
def test_names(name: str, snake: str, camel: str) -> None:
    assert (snake_case(name), camel_case(name)) == (snake, camel)


@given(st.text())
def test_only_letters_digits_and_underscores_remain(name: str) -> None:
    assert all(char.isalpha() or char.isnumeric() or char == "_" for char in snake_case(name))
    assert "_" not in camel_case(name)
    assert "__" not in snake_case(name)
