from __future__ import annotations

import pytest

from greylag.cli.columns import columns, cut


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("漢字", 4),
        ("한", 2),
        ("🚚", 2),
        ("a\u200db", 2),
        ("ｱ", 1),
    ],
)
def test_columns(text: str, expected: int) -> None:
    assert columns(text) == expected


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("漢字", 4, "漢字"),
        ("漢字", 3, "漢…"),
        ("a漢字", 4, "a漢…"),
        ("漢字漢", 4, "漢…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("abc", -3, ""),
        ("", 0, ""),
    ],
)
def test_cutting(text: str, room: int, expected: str) -> None:
    assert cut(text, room) == expected
    assert columns(expected) <= max(room, 0)
