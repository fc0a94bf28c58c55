"""The password of the connection in texts and errors."""

from __future__ import annotations

import zlib

import pytest

from greylag.databases.postgres.careful.secrecy import Secrecy


def kept(password: str, text: str) -> str:
    return zlib.decompress(Secrecy(password).content(zlib.compress(text.encode()))).decode()


@pytest.mark.parametrize(
    ("password", "text", "shown"),
    [
        ("correcthorse", "SELECT dial('host=a pass correcthorse');", "SELECT dial('host=a pass ***');"),
        ("short", "SELECT 'short', 'a short word';", "SELECT '***', 'a short word';"),
        ("postgres", "GRANT x TO postgres; SELECT 'postgres'", "GRANT x TO postgres; SELECT '***'"),
        ("", "SELECT '';", "SELECT '';"),
        ("unseen-secret", "SELECT 1;", "SELECT 1;"),
    ],
)
def test_what_the_journal_keeps_of_a_file(password: str, text: str, shown: str) -> None:
    assert kept(password, text) == shown


def test_a_file_without_it_is_not_packed_again() -> None:
    packed = zlib.compress(b"SELECT 1;", 9)
    assert Secrecy("correcthorse").content(packed) is packed
    assert Secrecy("correcthorse").content(b"") == b""


def test_what_it_keeps_of_an_error() -> None:
    assert Secrecy("correcthorse").message("no correcthorse here") == "no *** here"
    assert Secrecy("abc").message("abcdef") == "abcdef"
    assert "pw" not in Secrecy("").message("cannot reach postgres://u:pw@h/d")
