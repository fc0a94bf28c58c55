"""Data sources as goose's Go driver (modernc.org/sqlite) reads them: path or ``file:`` URI, parameters."""

from __future__ import annotations

import os

from greylag.errors import ConnectError
from greylag.model.quoting import quote
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import tzinfo

TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))
"""The words Go's ``strconv.ParseBool`` accepts."""

Parameters = dict[str, list[str]]

# Parameters of SQLite's own that leave it a file that is made when it is missing.
_PLAIN = {"mode": {"rwc"}, "cache": {"shared", "private"}}


class Source(NamedTuple):
    """What is known of a data source before it is opened."""

    name: str
    """A path, ``:memory:`` or a ``file:`` URI: what ``sqlite3_open_v2`` is given."""
    parameters: Parameters

    @property
    def path(self) -> str | None:
        """The database's file, or None where SQLite alone can tell (in memory, temporary, unusual URIs)."""
        if not self.name.startswith("file:"):
            return None if self.name in ("", ":memory:") else self.name
        text = self.name[5:].partition("#")[0].partition("?")[0]
        if text.startswith("//"):
            host, slash, rest = text[2:].partition("/")
            text = slash + rest if host in ("", "localhost") else ""
        path = _unescape(text, plus=False, strict=False)
        plain = all(set(values) <= _PLAIN.get(name, set()) for name, values in self._uri_parameters())
        return path if plain and path not in ("", ":memory:") else None

    def _uri_parameters(self) -> list[tuple[str, list[str]]]:
        return [(name, values) for name, values in self.parameters.items() if not name.startswith("_")]


class Settings(NamedTuple):
    """What parameters ask of an open connection."""

    begin: str = "begin"
    zone: tzinfo | None = None
    integer_times: str | None = None
    """None: numbers are no times; else how to read them (``_inttotime`` with ``_time_integer_format``)."""
    untyped_times: bool = False
    """Whether text of a column without a type is tried as a time (``_texttotime``)."""


def read_source(dsn: str) -> Source:
    """Take a data source apart. Raises ConnectError, worded as the Go driver words it."""
    place = dsn.find("?")
    if place < 1:
        return Source(dsn, {})
    parameters = _parse_query(dsn[place + 1 :])
    vfs = _one_vfs(parameters)
    _flag(parameters, "_error_rc")
    if dsn.startswith("file:"):
        return Source(dsn, parameters)
    name = dsn[:place]
    if vfs:
        name = f"file:{_escape(name)}?vfs={_escape(vfs)}"
    return Source(name, parameters)


def wants_strict_quotes(parameters: Parameters) -> bool:
    """Whether ``_dqs=0`` forbids strings in double quotes. Raises ConnectError."""
    return _flag(parameters, "_dqs") is False


def pragmas(parameters: Parameters) -> list[str]:
    """The ``_pragma`` values in the order the driver runs them: ``busy_timeout`` first, then by alphabet."""

    def rank(value: str) -> tuple[bool, str]:
        word = value.lower().strip()
        return not word.startswith("busy_timeout"), word

    return sorted(parameters.get("_pragma", ()), key=rank)


def read_settings(parameters: Parameters) -> Settings:
    """Check the other parameters in the driver's order. Raises ConnectError."""
    _choice(parameters, "_time_format", ("sqlite", "datetime"))
    integers = _choice(parameters, "_time_integer_format", ("unix", "unix_milli", "unix_micro", "unix_nano"))
    zone = _zone(_first(parameters, "_timezone"))
    lock = _first(parameters, "_txlock")
    if lock.lower() not in ("", "deferred", "immediate", "exclusive"):
        raise _refusal(f"unknown _txlock {quote(lock)}")
    as_times = _time_flag(parameters, "_inttotime")
    untyped = _time_flag(parameters, "_texttotime")
    return Settings(
        f"begin {lock}" if lock else "begin", zone, (integers or "unix") if as_times else None, untyped
    )


def _refusal(text: str) -> ConnectError:
    return ConnectError(text, driver_text=text, hint="correct the parameters after ? in the data source")


def _first(parameters: Parameters, name: str) -> str:
    return parameters.get(name, [""])[0]


def _one_vfs(parameters: Parameters) -> str:
    names = parameters.get("vfs", [])
    chosen = ""
    for name in names:
        if chosen and chosen != name:
            raise _refusal(f"conflicting vfs query parameters: [{' '.join(names)}]")
        chosen = name
    return chosen


def _flag(parameters: Parameters, name: str) -> bool | None:
    value = _first(parameters, name)
    if value and value not in TRUE | FALSE:
        raise _refusal(
            f"invalid {name} value {quote(value)}: strconv.ParseBool: parsing {quote(value)}: invalid syntax"
        )
    return value in TRUE if value else None


def _time_flag(parameters: Parameters, name: str) -> bool:
    value = _first(parameters, name)
    if value and value not in TRUE | FALSE:
        words = "1, t, T, TRUE, true, True, 0, f, F, FALSE, false, False"
        raise _refusal(f"unknown {name} {quote(value)}, must be {words}")
    return value in TRUE


def _choice(parameters: Parameters, name: str, known: tuple[str, ...]) -> str:
    value = _first(parameters, name)
    if value and value not in known:
        raise _refusal(f"unknown {name} {quote(value)}")
    return value


def _zone(name: str) -> tzinfo | None:
    if not name:
        return None
    from datetime import UTC, datetime

    if name == "UTC":
        return UTC
    if name == "Local":
        return datetime.now().astimezone().tzinfo
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        raise _refusal(f"unknown _timezone {quote(name)}: unknown time zone {name}") from None


def _parse_query(query: str) -> Parameters:
    """Go's ``url.ParseQuery``: a semicolon is an error, and so is a percent sign without two digits."""
    found: Parameters = {}
    for pair in query.split("&"):
        if ";" in pair:
            raise _refusal("invalid semicolon separator in query")
        if pair:
            name, _, value = pair.partition("=")
            found.setdefault(_unescape(name), []).append(_unescape(value))
    return found


def _unescape(text: str, *, plus: bool = True, strict: bool = True) -> str:
    head, *rest = (text.replace("+", " ") if plus else text).encode(errors="surrogateescape").split(b"%")
    done = bytearray(head)
    for part in rest:
        try:
            done += bytes.fromhex(part[:2].decode("ascii").ljust(2, "?")) + part[2:]
        except ValueError:
            if strict:
                raise _refusal(f"invalid URL escape {quote('%' + os.fsdecode(part[:2]))}") from None
            done += b"%" + part
    return os.fsdecode(bytes(done))


def _escape(text: str) -> str:
    plain = b"/.-_~"
    return "".join(
        chr(byte) if byte in plain or (chr(byte).isalnum() and byte < 128) else f"%{byte:02X}"
        for byte in os.fsencode(text)
    )
