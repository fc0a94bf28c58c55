"""Values of the version table, read as Go's database/sql and modernc.org/sqlite read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from greylag.databases.sqlite.dsn import FALSE, TRUE
from greylag.databases.stepwise import ScanError
from greylag.model.quoting import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.sqlite.dsn import Settings

    Value = int | float | str | bytes | None

_TIME_TYPES = ("DATE", "DATETIME", "TIMESTAMP")
_GO_TYPES = {int: "int64", float: "float64", str: "string", bytes: "[]uint8", type(None): "<nil>"}
_INT64 = 1 << 63
_MICROSECONDS = {"unix_micro": 1, "unix_nano": 0.001}


def value_of(stored: float | bytes | None, is_text: int) -> Value:
    """A value with TEXT told from BLOB: both arrive as bytes, because nothing promises that TEXT is UTF-8."""
    return _text(stored) if is_text and isinstance(stored, bytes) else stored


def read_version(value: Value) -> int:
    """A ``version_id``. Raises ScanError."""
    if isinstance(value, int):
        return value
    if value is None:
        raise ScanError(0, "version_id", "converting NULL to int64 is unsupported")
    text = f"{value:.17g}" if isinstance(value, float) else _text(value)
    if not _is_integer(text):
        why = "invalid syntax"
    elif -_INT64 <= int(text) < _INT64:
        return int(text)
    else:
        why = "value out of range"
    given = f"driver.Value type {_GO_TYPES[type(value)]} ({quote(text)})"
    raise ScanError(0, "version_id", f"converting {given} to a int64: {why}")


def read_flag(value: Value) -> bool:
    """An ``is_applied``, which Go takes from 0, 1 and the words of ParseBool. Raises ScanError."""
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    if isinstance(value, str | bytes):
        text = _text(value)
        if text in TRUE | FALSE:
            return text in TRUE
        shown = quote(text)
    elif value is None:
        shown = "<nil> (<nil>)"
    else:
        shown = f"{value}" if isinstance(value, int) else f"{value:.17g} (float64)"
    raise ScanError(1, "is_applied", f"sql/driver: couldn't convert {shown} into type bool")


def read_stamp(value: Value, declared: str, settings: Settings) -> datetime:
    """A ``tstamp`` of a column declared as ``declared``. Raises ScanError."""
    found: datetime | None = None
    timed = declared in _TIME_TYPES
    if isinstance(value, str) and (timed or (settings.untyped_times and not declared)):
        found = parse_time(value, settings)
    elif isinstance(value, int) and timed and settings.integer_times:
        found = _from_number(value, settings)
    if found is None:
        given = _GO_TYPES[type(value)]
        raise ScanError(
            0, "tstamp", f"unsupported Scan, storing driver.Value type {given} into type *time.Time"
        )
    return found


def parse_time(text: str, settings: Settings) -> datetime | None:
    """One of the formats the driver tries, or None. Digits stay as they are unless ``_timezone`` is set."""
    found = _plain_time(text) or _any_time(text)
    if found is None or settings.zone is None:
        return found
    if found.tzinfo is None:
        return found.replace(tzinfo=settings.zone)
    return found.astimezone(settings.zone)


def _plain_time(text: str) -> datetime | None:
    # what datetime('now') writes; the marks are checked because fromisoformat takes week dates too
    if len(text) == 19 and (text[4], text[7], text[10], text[13], text[16]) == ("-", "-", " ", ":", ":"):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    return None


def _any_time(text: str) -> datetime | None:
    import re

    day = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    clock = r"([0-9]{1,2}):([0-9]{2})"
    fraction = r"(?:[.,]([0-9]+))?"
    stored = rf"{day}(?:(?: +|T){clock}(?::([0-9]{{2}}){fraction}([+-][0-9]{{2}}:[0-9]{{2}})?)?)?"
    names = r"[A-Z]{3}|[A-Z]{3,4}T|WITA|ChST|MeST|GMT[+-][0-9]{1,2}|[+-][0-9]{2}"
    go_text = rf"{day} +{clock}:([0-9]{{2}}){fraction} +([+-][0-9]{{4}}) +(?:{names})"
    ends_in_z = text.endswith("Z")
    match = re.fullmatch(go_text, text.partition("m=")[0].strip()) or re.fullmatch(
        stored, text[:-1] if ends_in_z else text
    )
    if match is None:
        return None
    year, month, date, hour, minute, second, decimals, offset = match.groups()
    try:
        zone = _offset(offset) if offset else (UTC if ends_in_z else None)
        return datetime(
            int(year), int(month), int(date), int(hour or 0), int(minute or 0), int(second or 0),
            int((decimals or "0").ljust(6, "0")[:6]), tzinfo=zone,
        )  # fmt: skip
    except ValueError:
        return None


def _offset(text: str) -> timezone | None:
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 24 or minutes > 60:
        raise ValueError(text)
    minutes += hours * 60
    if minutes >= 24 * 60:  # Go takes a whole day, Python does not; the digits are what is shown
        return None
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _from_number(value: int, settings: Settings) -> datetime | None:
    unit = _MICROSECONDS.get(settings.integer_times or "")
    if unit is None:  # the driver guesses between seconds and milliseconds by size
        unit = 1000 if abs(value) > 1_000_000_000_000 else 1_000_000
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value * unit)
        return moment.astimezone(settings.zone or UTC)
    except OverflowError:
        return None


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")


def _is_integer(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit()
