from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("code", "says", "words"),
    [
        ("3D000", 'database "shop" does not exist', "    CREATE DATABASE shop;\n"),
        ("3D000", 'database "My Shop" does not exist', '    CREATE DATABASE "My Shop";\n'),
        ("28P01", 'password authentication failed for user "a"', "until it is restarted"),
        ("28000", "no pg_hba.conf entry for host", "pg_hba.conf has no line"),
        ("28000", 'role "a" does not exist', "There is no such role"),
        ("", "connection refused by 127.0.0.1:1", "No server listens at 127.0.0.1:1"),
        ("", "no address is known for the host db.x.svc", "db.x.svc is not known here"),
        ("", "no answer from h:1 in the time given", "swallows the packets"),
        ("", "h:1: server does not support SSL, but SSL was required", "add sslmode=disable"),
        ("", "h:1: SSL error: certificate verify failed", "sslrootcert="),
    ],
)
def test_why_there_is_no_connection(hint: Callable[..., str], code: str, says: str, words: str) -> None:
    assert words in hint(code, says)


def test_where_the_string_came_from(hint: Callable[..., str]) -> None:
    assert " The connection string came from --dsn." in hint("28P01", "x", source="--dsn")
    assert "came from" not in hint("28P01", "x")
    assert hint("3D000", "etwas anderes") == ""
