"""Values of the version table, as Go reads them. The texts were seen from the real goose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from greylag.databases.sqlite.dsn import Settings
from greylag.databases.sqlite.rows import parse_time, read_flag, read_stamp, read_version, value_of
from greylag.databases.stepwise import ScanError

PLAIN = datetime(2025, 1, 2, 3, 4, 5)
NINE = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025-01-02 03:04:05", PLAIN),
        ("2025-01-02T03:04:05", PLAIN),
        ("2025-01-02   3:04:05", PLAIN),
        ("2025-01-02 03:04:05.123456789", PLAIN.replace(microsecond=123456)),
        ("2025-01-02 03:04:05,5", PLAIN.replace(microsecond=500000)),
        ("2025-01-02 03:04:05+09:00", PLAIN.replace(tzinfo=NINE)),
        ("2025-01-02 03:04:05-24:00", PLAIN),
        ("2025-01-02T03:04:05Z", PLAIN.replace(tzinfo=UTC)),
        ("2025-01-02 03:04", PLAIN.replace(second=0)),
        ("2025-01-02", datetime(2025, 1, 2)),
        ("2025-01-02 03:04:05.5 +0900 JST m=+0.001", PLAIN.replace(microsecond=500000, tzinfo=NINE)),
        ("2025-01-02 03:04:05 +0900 +09", PLAIN.replace(tzinfo=NINE)),
        ("2025-01-02 03:04:05 +0900 GMT+9 ", PLAIN.replace(tzinfo=NINE)),
        ("2025-01-02 03:04:05 +0900 ABCD", None),
        ("2025-01-02 03:04:05 +0900 +0930", None),
        ("2025-01-02 03:04:05.", None),
        ("2025-01-02 03:04:05+0900", None),
        ("2025-01-02 03:04:05+25:00", None),
        ("2025-01-02 03:04:05 UTC", None),
        ("2025-01-02 03:4:05", None),
        ("2025-01-02 24:00:00", None),
        ("2025-01-02 23:59:60", None),
        ("2025-02-30 00:00:00", None),
        ("2025-W01-1 00:00:00", None),
        ("２025-01-02 03:04:05", None),
        ("20250102T030405.000", None),
        ("2025-01-02 03:04:05\n", None),
        ("", None),
    ],
)
def test_formats_of_time(text: str, found: datetime | None) -> None:
    assert parse_time(text, Settings()) == found


def test_a_time_zone_asked_for_moves_only_times_that_have_one() -> None:
    tokyo = Settings(zone=ZoneInfo("Asia/Tokyo"))
    assert str(parse_time("2025-01-02 03:04:05", tokyo)) == "2025-01-02 03:04:05+09:00"
    assert str(parse_time("2025-01-02 03:04:05Z", tokyo)) == "2025-01-02 12:04:05+09:00"


def test_text_is_told_from_bytes() -> None:
    assert value_of(b"caf\xe9", 1) == "caf\udce9"
    assert value_of(b"caf\xe9", 0) == b"caf\xe9"
    assert value_of(7, 0) == 7
    assert value_of(None, 0) is None


@pytest.mark.parametrize(("value", "version"), [(7, 7), ("7", 7), (b"+7", 7), (7.0, 7), ("-1", -1)])
def test_versions(value: float | str | bytes, version: int) -> None:
    assert read_version(value) == version


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("x", 'converting driver.Value type string ("x") to a int64: invalid syntax'),
        (b"\xff", 'converting driver.Value type []uint8 ("\\xff") to a int64: invalid syntax'),
        (1.5, 'converting driver.Value type float64 ("1.5") to a int64: invalid syntax'),
        ("9" * 20, f'converting driver.Value type string ("{"9" * 20}") to a int64: value out of range'),
        (None, "converting NULL to int64 is unsupported"),
    ],
)
def test_versions_that_cannot_be_read(value: float | str | bytes | None, reason: str) -> None:
    with pytest.raises(ScanError) as caught:
        read_version(value)
    assert str(caught.value) == f'sql: Scan error on column index 0, name "version_id": {reason}'


@pytest.mark.parametrize(
    ("value", "flag"), [(1, True), (0, False), ("T", True), ("false", False), (b"1", True)]
)
def test_flags(value: int | str | bytes, flag: bool) -> None:
    assert read_flag(value) is flag


@pytest.mark.parametrize(
    ("value", "shown"),
    [(2, "2"), (1.0, "1 (float64)"), (1.5, "1.5 (float64)"), ("x", '"x"'), (None, "<nil> (<nil>)")],
)
def test_flags_that_cannot_be_read(value: float | str | None, shown: str) -> None:
    with pytest.raises(ScanError) as caught:
        read_flag(value)
    expected = f"sql/driver: couldn't convert {shown} into type bool"
    assert str(caught.value) == f'sql: Scan error on column index 1, name "is_applied": {expected}'


@pytest.mark.parametrize("declared", ["DATE", "DATETIME", "TIMESTAMP"])
def test_a_stamp_needs_a_column_of_a_time_type(declared: str) -> None:
    assert read_stamp("2025-01-02 03:04:05", declared, Settings()) == PLAIN


@pytest.mark.parametrize(
    ("value", "declared", "settings", "given"),
    [
        ("2025-01-02 03:04:05", "TEXT", Settings(), "string"),
        ("2025-01-02 03:04:05", "", Settings(), "string"),
        ("x", "TIMESTAMP", Settings(), "string"),
        (b"2025-01-02 03:04:05", "TIMESTAMP", Settings(), "[]uint8"),
        (1735786800, "TIMESTAMP", Settings(), "int64"),
        (1735786800, "TEXT", Settings(integer_times="unix"), "int64"),
        (1 << 62, "TIMESTAMP", Settings(integer_times="unix_micro"), "int64"),
        (1.5, "TIMESTAMP", Settings(), "float64"),
        (None, "TIMESTAMP", Settings(), "<nil>"),
    ],
)
def test_stamps_that_cannot_be_read(
    value: float | str | bytes | None, declared: str, settings: Settings, given: str
) -> None:
    with pytest.raises(ScanError) as caught:
        read_stamp(value, declared, settings)
    reason = f"unsupported Scan, storing driver.Value type {given} into type *time.Time"
    assert str(caught.value) == f'sql: Scan error on column index 0, name "tstamp": {reason}'


def test_parameters_make_other_values_readable() -> None:
    assert read_stamp("2025-01-02", "", Settings(untyped_times=True)) == datetime(2025, 1, 2)
    for value, unit in (
        (1735787045, "unix"),
        (1735787045000, "unix_milli"),
        (1735787045000000, "unix_micro"),
        (1735787045000000000, "unix_nano"),
    ):
        found = read_stamp(value, "TIMESTAMP", Settings(integer_times=unit))
        assert found == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
