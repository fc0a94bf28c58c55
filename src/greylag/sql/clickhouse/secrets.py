"""Text of ClickHouse without the secrets in it, for keeping."""

from __future__ import annotations

import re

from greylag.sql.clickhouse.tokens import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.sql.clickhouse.tokens import Token

BLANK = "***"

_MAY_HOLD = re.compile(
    r"\bby\s|password|secret|mysql|postgresql|mongodb|redis|remote|s3|gcs|oss|cos|azure|url|odbc|jdbc",
    re.IGNORECASE,
)
_KEYS = frozenset(
    ("PASSWORD", "SECRET_ACCESS_KEY", "ACCESS_KEY_ID", "SESSION_TOKEN", "ACCOUNT_KEY", "CONNECTION_STRING")
)
_PLACES = {
    "MYSQL": (4,), "POSTGRESQL": (4,), "MONGODB": (4,), "REDIS": (2,),
    "MATERIALIZEDMYSQL": (3,), "MATERIALIZEDPOSTGRESQL": (3,), "REMOTE": (4, 5), "REMOTESECURE": (4, 5),
    "S3": (1, 2), "S3CLUSTER": (2, 3), "S3QUEUE": (1, 2), "GCS": (1, 2), "OSS": (1, 2), "COSN": (1, 2),
    "AZUREBLOBSTORAGE": (4,), "ODBC": (0,), "JDBC": (0,),
}  # fmt: skip
"""Functions and engines to the arguments (from 0) that may be a password or a key."""
_URL = re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)")


def redacted(text: str) -> str:
    """``text``, any number of statements, with ``***`` for passwords and keys.

    That is a literal behind PASSWORD or BY, named arguments of that kind, the arguments of table functions
    and engines that carry one, and passwords in URLs. Everything else stays byte for byte.
    """
    if not _MAY_HOLD.search(text):
        return text
    pieces: list[str] = []
    position = 0
    calls: list[list[int | str]] = []
    before, earlier = "", ""
    for token in tokens(text):
        word = token.text.upper()
        if word == "(":
            calls.append([before, 0])
        elif word == ")" and calls:
            calls.pop()
        elif word == "," and calls:
            calls[-1][1] = int(calls[-1][1]) + 1
        shown = _shown(token, before, earlier, calls)
        if shown != token.text:
            pieces += (text[position : token.start], shown)
            position = token.start + len(token.text)
        earlier, before = before, word
    return "".join((*pieces, text[position:]))


def _shown(token: Token, before: str, earlier: str, calls: list[list[int | str]]) -> str:
    if token.kind != "literal" or len(token.text) < 3:
        return token.text
    named = before in _KEYS or (before == "=" and earlier in _KEYS)
    placed = bool(calls) and before in ("(", ",") and calls[-1][1] in _PLACES.get(str(calls[-1][0]), ())
    identifies = before == "BY" and earlier not in ("ORDER", "GROUP", "PARTITION", "SAMPLE")
    if named or placed or identifies:
        return f"'{BLANK}'"
    return _URL.sub(rf"\1{BLANK}", token.text)
