from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.model.numbers import parse_int


@given(st.integers(-(1 << 63), (1 << 63) - 1), st.sampled_from(["", "0", "000"]))
def test_every_number_of_64_bits_comes_back(number: int, zeros: str) -> None:
    sign = "-" if number < 0 else "+"
    assert parse_int(f"{sign}{zeros}{abs(number)}") == number


@pytest.mark.parametrize("text", ["", "+", "-", "abc", "1x", "1_0", " 1", "1 ", "--1", "０", "²", "1.5"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"^invalid syntax$"):
        parse_int(text)


@pytest.mark.parametrize("text", [str(1 << 63), str(-(1 << 63) - 1), "9" * 5000, str(1 << 64) + "x"])
def test_what_is_too_large_even_if_a_letter_follows(text: str) -> None:
    with pytest.raises(ValueError, match=r"^value out of range$"):
        parse_int(text)
