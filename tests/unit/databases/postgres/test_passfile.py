"""Lines of a password file: the first that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.passfile import find_password

if TYPE_CHECKING:
    from pathlib import Path

FILE = r"""
# h:1:d:u:comment
h:1:d:u:exact
h:1:d
  h:*:*:w:blanks
*:*:*:a\:b\\:with\:colon\\
*:2:*:*:any
h:1:d:u:late
h:9:d:u:too:many
"""


@pytest.mark.parametrize(
    ("place", "password"),
    [
        (("h", "1", "d", "u"), "exact"),
        (("h", "5", "x", "w"), "blanks"),
        (("x", "1", "d", "a:b\\"), "with:colon\\"),
        (("x", "2", "y", "z"), "any"),
        (("x", "1", "d", "u"), ""),
        (("h", "9", "d", "u"), ""),
    ],
)
def test_the_first_line_that_fits(tmp_path: Path, place: tuple[str, str, str, str], password: str) -> None:
    path = tmp_path / "pass"
    path.write_text(FILE)
    assert find_password(str(path), *place) == password


def test_a_file_that_is_not_there_has_no_password(tmp_path: Path) -> None:
    assert find_password(str(tmp_path / "nope"), "h", "1", "d", "u") == ""
    assert find_password(str(tmp_path), "h", "1", "d", "u") == ""
