"""The words of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.operations.doctoring.finding import bad, good, identifier, note, several, span, warn

if TYPE_CHECKING:
    from tests.unit.operations.doctoring.conftest import Patient


def test_four_levels() -> None:
    assert [make("x").level for make in (good, note, warn, bad)] == ["ok", "note", "warn", "bad"]
    assert bad("x", "a", "b", repair=("c",))[:4] == ("bad", "x", ("a", "b"), ("c",))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (7200, "2 h"),
        (200000, "2 days"),
        (None, "an unknown time"),
    ],
)
def test_spans(seconds: float | None, text: str) -> None:
    assert span(seconds) == text


def test_numbers_of_things() -> None:
    assert [several(number, "row") for number in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]
    assert several(2, "index", "indexes") == "2 indexes"


def test_identifiers() -> None:
    assert [identifier(name) for name in ("shop", "Shop", "my-shop", 'a"b')] == [
        "shop", '"Shop"', '"my-shop"', '"a""b"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("/run/postgresql", True),
        ("::1", True),
        ("db.example", False),
    ],
)
def test_what_is_local(patient: Patient, host: str, local: bool) -> None:
    patient.server = patient.server._replace(host=host)
    assert patient.subject.is_local is local
