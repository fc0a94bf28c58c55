"""Version rows without a run, where no journal is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.model.migration import Migration
from greylag.operations.recording import UnknownVersionError, record_plainly

if TYPE_CHECKING:
    from tests.unit.operations.conftest import Ground

FILES = [Migration(3, "m/3_c.sql"), Migration(5, "m/5_e.sql"), Migration(8, "m/8_h.sql")]


def test_rows_come_and_go_and_nothing_is_run(lite: Ground) -> None:
    record_plainly(lite.session, FILES, "up")
    assert (lite.versions(), lite.tables()) == ([0, 3, 5, 8], [])
    record_plainly(lite.session, FILES[1:2], "down")
    assert lite.versions() == [0, 3, 8]


@pytest.mark.parametrize(
    ("version", "hint"),
    [
        (1, "the nearest: 3_c.sql"),
        (4, "the nearest: 3_c.sql and 5_e.sql"),
        (9, "the nearest: 8_h.sql"),
    ],
)
def test_the_nearest_files_are_named(version: int, hint: str) -> None:
    error = UnknownVersionError(version, FILES)
    assert (error.message, error.hint) == (f"no file here carries version {version}", hint)


def test_an_empty_folder_has_no_nearest() -> None:
    assert "--dir" in str(UnknownVersionError(1, []).hint)
