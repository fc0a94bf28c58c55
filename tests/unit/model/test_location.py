"""Places in files are shown as editors and terminals understand them."""

from __future__ import annotations

import pytest

from greylag.model.location import Location


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (Location("m/1_a.sql"), "m/1_a.sql"),
        (Location("m/1_a.sql", 3), "m/1_a.sql:3"),
        (Location("m/1_a.sql", 3, 7), "m/1_a.sql:3:7"),
        (Location("m/1_a.sql", 0, 7), "m/1_a.sql"),
    ],
)
def test_what_is_not_known_is_left_out(location: Location, shown: str) -> None:
    assert str(location) == shown
