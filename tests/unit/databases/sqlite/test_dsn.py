"""Data sources: the same words are taken, and refused in the same words, as by goose's Go driver."""

from __future__ import annotations

from datetime import UTC

import pytest

from greylag.databases.sqlite.dsn import Settings, pragmas, read_settings, read_source, wants_strict_quotes
from greylag.errors import ConnectError


def refusal(dsn: str) -> str:
    with pytest.raises(ConnectError) as caught:
        read_settings(read_source(dsn).parameters)
    assert caught.value.hint
    return caught.value.driver_text


@pytest.mark.parametrize(
    ("dsn", "name"),
    [
        ("x.db", "x.db"),
        (":memory:", ":memory:"),
        ("", ""),
        ("?x", "?x"),
        ("x.db?_txlock=immediate", "x.db"),
        ("file:x.db?mode=rwc", "file:x.db?mode=rwc"),
        ("a b%?.db?vfs=unix-none", "a b%"),
        ("a b%.db?vfs=unix-none", "file:a%20b%25.db?vfs=unix-none"),
        ("x#y.db?vfs=a/b", "file:x%23y.db?vfs=a/b"),
    ],
)
def test_what_sqlite_is_given(dsn: str, name: str) -> None:
    assert read_source(dsn).name == name


@pytest.mark.parametrize(
    ("dsn", "path"),
    [
        ("x.db", "x.db"),
        ("x.db?_pragma=foreign_keys(1)", "x.db"),
        ("file:x.db", "x.db"),
        ("file:a%20b.db?_txlock=immediate&mode=rwc&cache=shared", "a b.db"),
        ("file:///var/x.db", "/var/x.db"),
        ("file://localhost/var/x.db#part", "/var/x.db"),
        ("file:100%.db", "100%.db"),
        ("file://elsewhere/x.db", None),
        ("file:x.db?mode=ro", None),
        ("file:x.db?cache=odd", None),
        ("file:x.db?vfs=unix-none", None),
        (":memory:", None),
        ("file::memory:", None),
        ("file:", None),
        ("", None),
    ],
)
def test_the_file_behind_a_data_source(dsn: str, path: str | None) -> None:
    assert read_source(dsn).path == path


def test_busy_timeout_comes_before_the_other_pragmas() -> None:
    source = read_source("x.db?_pragma=journal_mode(WAL)&_pragma=Foreign_keys(1)&_pragma=%20Busy_timeout(5)")
    assert pragmas(source.parameters) == [" Busy_timeout(5)", "Foreign_keys(1)", "journal_mode(WAL)"]


def test_settings_of_an_open_connection() -> None:
    assert read_settings({}) == Settings()
    source = read_source(
        "x.db?_txlock=Immediate&_timezone=UTC&_inttotime=T&_time_integer_format=unix_nano&_texttotime=1"
    )
    assert read_settings(source.parameters) == Settings("begin Immediate", UTC, "unix_nano", True)
    assert read_settings({"_inttotime": ["1"]}).integer_times == "unix"
    assert read_settings({"_time_integer_format": ["unix"]}).integer_times is None
    tokyo = read_settings({"_timezone": ["Asia/Tokyo"]}).zone
    assert str(tokyo) == "Asia/Tokyo"
    assert read_settings({"_timezone": ["Local"]}).zone is not None


def test_the_first_of_equal_names_counts_and_plus_is_a_blank() -> None:
    source = read_source("x.db?_txlock=deferred&_txlock=odd&&_pragma=a+b")
    assert read_settings(source.parameters).begin == "begin deferred"
    assert pragmas(source.parameters) == ["a b"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("_txlock=foo", 'unknown _txlock "foo"'),
        ("_time_format=x", 'unknown _time_format "x"'),
        ("_time_integer_format=q", 'unknown _time_integer_format "q"'),
        ("_timezone=No/Where", 'unknown _timezone "No/Where": unknown time zone No/Where'),
        (
            "_inttotime=u",
            'unknown _inttotime "u", must be 1, t, T, TRUE, true, True, 0, f, F, FALSE, false, False',
        ),
        (
            "_texttotime=u",
            'unknown _texttotime "u", must be 1, t, T, TRUE, true, True, 0, f, F, FALSE, false, False',
        ),
        ("_error_rc=u", 'invalid _error_rc value "u": strconv.ParseBool: parsing "u": invalid syntax'),
        ("vfs=a&vfs=b", "conflicting vfs query parameters: [a b]"),
        ("a;b", "invalid semicolon separator in query"),
        ("a=%zz", 'invalid URL escape "%zz"'),
        ("a=%4", 'invalid URL escape "%4"'),
    ],
)
def test_refusals_are_worded_as_by_the_go_driver(query: str, text: str) -> None:
    assert refusal(f"x.db?{query}") == text


def test_strict_quotes() -> None:
    assert wants_strict_quotes({"_dqs": ["0"]})
    assert not wants_strict_quotes({"_dqs": ["1"]})
    assert not wants_strict_quotes({})
    with pytest.raises(ConnectError, match="invalid _dqs value"):
        wants_strict_quotes({"_dqs": ["u"]})
