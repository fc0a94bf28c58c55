"""Numbers and switches in Go's notation."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.go_values import read_number, read_switch


def refused(read: object, text: str, **named: object) -> str:
    with pytest.raises(ValueError) as caught:
        read(text, **named)  # type: ignore[operator]
    return str(caught.value)


def test_switches() -> None:
    assert [read_switch(text) for text in ("1", "T", "true", "0", "f", "False")] == [True] * 3 + [False] * 3
    assert refused(read_switch, "yes") == 'strconv.ParseBool: parsing "yes": invalid syntax'


def test_numbers() -> None:
    assert read_number("-007") == -7
    assert read_number("255", named="ParseUint", low=0, high=255) == 255
    assert refused(read_number, "x") == 'strconv.Atoi: parsing "x": invalid syntax'
    assert refused(read_number, "9" * 20) == f'strconv.Atoi: parsing "{"9" * 20}": value out of range'
    small = {"named": "ParseUint", "low": 0, "high": 255}
    assert refused(read_number, "-1", **small) == 'strconv.ParseUint: parsing "-1": invalid syntax'
    assert refused(read_number, "256", **small) == 'strconv.ParseUint: parsing "256": value out of range'
