"""What the server prints, without passwords: 26.9 hides most of them itself, old servers none."""

from __future__ import annotations

import re

from greylag.databases.clickhouse.catalog.clauses import pieces

HIDDEN = "[HIDDEN]"
"""The server's own word for it, so that servers that hide and servers that do not read alike."""

_KEYS = frozenset(("PASSWORD", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "ACCOUNT_KEY", "CONNECTION_STRING"))
_PLACES = {
    "MYSQL": (4,), "POSTGRESQL": (4,), "MONGODB": (4,), "REDIS": (2,), "REMOTE": (4, 5),
    "REMOTESECURE": (4, 5), "MATERIALIZEDMYSQL": (3,), "MATERIALIZEDPOSTGRESQL": (3,), "S3": (1, 2),
    "S3QUEUE": (1, 2), "GCS": (1, 2), "OSS": (1, 2), "COSN": (1, 2), "AZUREBLOBSTORAGE": (4,),
}  # fmt: skip
"""Engines and table functions to the arguments (from 0) that are, or may be, a password."""
_URL = re.compile(r"(://[^/\s:@]*:)[^\s']+(?=@)")


def hidden(text: str) -> str:
    """``text`` with ``[HIDDEN]`` for passwords, keys, passwords in URLs and the values of HTTP headers."""
    if "'" not in text:
        return text
    done: list[str] = []
    position = 0
    calls: list[tuple[str, int]] = []
    before = earlier = ""
    for piece in pieces(text):
        word = piece.text.upper()
        if word == "(":
            calls.append((before, 0))
        elif word == ")" and calls:
            calls.pop()
        elif word == "," and calls:
            calls[-1] = (calls[-1][0], calls[-1][1] + 1)
        elif piece.text.startswith("'"):
            call, place = calls[-1] if calls else ("", 0)
            named = before in _KEYS or (before == "=" and earlier in _KEYS)
            header = before == "VALUE" and call == "HEADER"
            placed = before in ("(", ",") and place in _PLACES.get(call, ())
            secret = f"'{HIDDEN}'" if named or header or placed else _URL.sub(rf"\1{HIDDEN}", piece.text)
            done += (text[position : piece.start], secret)
            position = piece.end
        earlier, before = before, word
    return "".join((*done, text[position:]))
