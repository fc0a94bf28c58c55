"""SQL goes out as the bytes the file holds."""

from __future__ import annotations

import pytest

from greylag.databases.postgres.encoding import sql_bytes
from greylag.errors import DatabaseError


def test_bytes_come_out_as_they_were() -> None:
    raw = b"select '\xe9 \xc3\xa9 \xf0\x9f\xaa\xbf'"
    assert sql_bytes(raw.decode("utf-8", "surrogateescape")) == raw


def test_a_nul_byte_is_what_the_server_would_say_of_it() -> None:
    with pytest.raises(DatabaseError) as caught:
        sql_bytes("select 'a\0b'")
    assert caught.value.driver_text == "ERROR: invalid message format (SQLSTATE 08P01)"
    assert caught.value.position == 10
    assert "NUL" in caught.value.message
