"""No password in what is kept of a server's words."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.catalog.secrets import HIDDEN, hidden

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"MySQL('h:3306', 'd', 't', 'u', '{SECRET}')", f"MySQL('h:3306', 'd', 't', 'u', '{HIDDEN}')"),
        (f"S3('http://h/b', 'id', '{SECRET}', 'CSV')", f"S3('http://h/b', '{HIDDEN}', '{HIDDEN}', 'CSV')"),
        (f"URL('http://u:{SECRET}@h/', 'CSV')", f"URL('http://u:{HIDDEN}@h/', 'CSV')"),
        (f"SOURCE(HTTP(URL 'http://h' CREDENTIALS(USER 'u' PASSWORD '{SECRET}')))", None),
        (f"HEADERS (HEADER (NAME 'API-KEY' VALUE '{SECRET}'))", None),
        (f"MONGODB(URI 'mongodb://u:{SECRET}@h/d' COLLECTION 'c')", None),
        (f"SETTINGS password = '{SECRET}', x = 'y'", f"SETTINGS password = '{HIDDEN}', x = 'y'"),
    ],
)
def test_secrets(text: str, kept: str | None) -> None:
    assert SECRET in text and SECRET not in hidden(text)
    assert hidden(text) == (kept or text.replace(SECRET, HIDDEN))


def test_all_else_stays_byte_for_byte() -> None:
    for text in (
        "MergeTree ORDER BY a",
        "Merge('b', '^src')",
        "f('a', (1, 'x'), ')')",
        "Buffer('b', 's', 1)",
        "'",
    ):
        assert hidden(text) == text
