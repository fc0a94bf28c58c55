"""Connection text is taken apart as pgx does it; the recorded answers are those of goose 3.27.3."""

from __future__ import annotations

import pytest

from greylag.databases.postgres.conninfo import is_address, is_url, read_keywords, read_url, redact, unescape


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("postgres://", {}),
        ("postgres://u:p@h:1/d", {"user": "u", "password": "p", "host": "h", "port": "1", "database": "d"}),
        ("postgresql://h/d", {"host": "h", "database": "d"}),
        ("postgres://u:@h", {"user": "u", "password": "", "host": "h"}),
        ("postgres://:p@h", {"password": "p", "host": "h"}),
        ("postgres://u:p@w@h/d", {"user": "u", "password": "p@w", "host": "h", "database": "d"}),
        (
            "postgres://us%20er:p%40@h/d%20b",
            {"user": "us er", "password": "p@", "host": "h", "database": "d b"},
        ),
        ("postgres://h//d", {"host": "h", "database": "d"}),
        ("postgres://a:1,b:2/d", {"host": "a,b", "port": "1,2", "database": "d"}),
        ("postgres://a,b:2/d", {"host": "a,b", "port": "2", "database": "d"}),
        ("postgres://[::1]:5/d", {"host": "::1", "port": "5", "database": "d"}),
        ("postgres://[::1]/d", {"host": "::1", "database": "d"}),
        ("postgres://h:/d", {"host": "h", "database": "d"}),
        ("postgres:///d?host=/run&port=3", {"host": "/run", "port": "3", "database": "d"}),
        ("postgres://u@h/d?user=z&dbname=q", {"user": "z", "host": "h", "database": "q"}),
        ("postgres://h/d?a=1&a=2&b=x+y%26", {"host": "h", "database": "d", "a": "1", "b": "x y&"}),
        ("postgres://h/d?a=1;b=2&%zz=1&c=%zz&d", {"host": "h", "database": "d", "d": ""}),
        ("postgres://h/a+b#part", {"host": "h", "database": "a+b"}),
        ("postgres://h?sslmode=disable", {"host": "h", "sslmode": "disable"}),
    ],
)
def test_urls(text: str, settings: dict[str, str]) -> None:
    assert read_url(text) == settings


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("postgres://u:p%zz@h/x", 'invalid URL escape "%zz"'),
        ("postgres://u:p%4@h/x", 'invalid URL escape "%4"'),
        ("postgres://u@h%41/x", 'invalid URL escape "%41"'),
        ("postgres://h/%zz", 'invalid URL escape "%zz"'),
        ("postgres://h/#%zz", 'invalid URL escape "%zz"'),
        ("postgres://u@h h/x", 'invalid character " " in host name'),
        ("postgres://u:p w@h/x", "net/url: invalid userinfo"),
        ("postgres://u:secret@h:abc/x", 'invalid port ":abc" after host'),
        ("postgres://u:p/w@h:1/x", 'invalid port ":xxxxx" after host'),
        ("postgres://a:1,b/x", 'invalid port ":1,b" after host'),
        ("postgres://[::1/x", "missing ']' in host"),
        ("postgres://a[::1]/x", "invalid IP-literal"),
        ("postgres://[127.0.0.1]:1/x", "invalid IP-literal"),
        ("postgres://[::1]x/y", 'invalid port "x" after host'),
        ("postgres://[zz]/x", 'invalid host: ParseAddr("zz"): unable to parse IP'),
        ("postgres://h\x01/x", "net/url: invalid control character in URL"),
        (
            "postgres://a:b:1/x",
            "failed to split host:port in 'a:b:1', err: address a:b:1: too many colons in address",
        ),
    ],
)
def test_urls_that_cannot_be_read(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_url(text)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("", {}),
        ("host=h port=1 dbname=d", {"host": "h", "port": "1", "database": "d"}),
        (" host = h\n\tport = 1  ", {"host": "h", "port": "1"}),
        ("password='se cret' user=u", {"password": "se cret", "user": "u"}),
        (r"password='it\'s \\' a=b", {"password": "it's \\", "a": "b"}),
        (r"password=it\'s\ ok a=b", {"password": "it's\\ ok", "a": "b"}),
        ("user='' a=b", {"a": "b"}),
        ("a=", {"a": ""}),
        ("a= b=c", {"a": "b=c"}),
        ("a=1 a=2", {"a": "2"}),
    ],
)
def test_keywords(text: str, settings: dict[str, str]) -> None:
    assert read_keywords(text) == settings


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("garbage", "invalid keyword/value"),
        ("a=b =c", "invalid keyword/value"),
        ("a=b\\", "invalid backslash"),
        ("a='b", "unterminated quoted string in connection info string"),
        (r"a='b\'", "unterminated quoted string in connection info string"),
        (r"a='b\\", "unterminated quoted string in connection info string"),
    ],
)
def test_keywords_that_cannot_be_read(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_keywords(text)
    assert str(caught.value) == reason


def test_only_the_lower_case_scheme_is_a_url() -> None:
    assert is_url("postgres://h")
    assert is_url("postgresql://h")
    assert not is_url("Postgres://h")
    assert not is_url(" postgres://h")
    assert not is_url("postgres:h")


def test_bytes_that_are_not_utf8_survive() -> None:
    assert unescape("%e9") == "\udce9"
    assert unescape("\udce9%C3%BC") == "\udce9ü"
    assert unescape("a+b", plus=True) == "a b"
    assert unescape("%C3%BC", host=True) == "ü"


@pytest.mark.parametrize(
    ("text", "answer"),
    [("127.0.0.1", True), ("::1", True), ("[::1]", True), ("fe80::1%eth0", True), ("h", False), ("", False)],
)
def test_addresses(text: str, answer: bool) -> None:
    assert is_address(text) is answer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://u:secret@h:99999/x", "postgres://u:xxxxx@h:99999/x"),
        ("postgres://u@h/x?a=b", "postgres://u@h/x?a=b"),
        ("postgres://u:p%zz@h/x", "postgres://u:xxxxxx@h/x"),
        ("postgres://u:se/cret@h:1/x", "postgres://u:xxxxxx@h:1/x"),
        ("postgres://u@h h/x", "postgres:xxxxxx@h h/x"),
        ("Postgres://u:secret@h/x", "Postgres://u:xxxxxx@h/x"),
        ("host=h password='se cret' port=0", "host=h password=xxxxx port=0"),
        ("host=h sslmode=bogus password=secret", "host=h sslmode=bogus password=xxxxx"),
        ("garbage", "garbage"),
    ],
)
def test_what_is_shown_is_what_pgx_shows(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "postgres://u:secret@h/x?sslmode=bogus",
        "postgres://h:1:2/x?password=secret",
        "postgres://h/x?a=b&password=secret#f",
        "postgres://h/x?sslpassword=secret",
        "postgres://u:se:secret@h:x/y",
        "postgres://u:p@secret@h:x/y",
        "postgres://u:secret @h/x",
        "password = secret host=h =",
        "password = 'secret' host=h =",
        r"password='a\'secret' =",
        r"password=a\ secret =",
        "sslpassword=secret =",
        "password='secret",
    ],
)
def test_no_password_is_shown(text: str) -> None:
    assert "secret" not in redact(text)
    assert "xxxxx" in redact(text)


@pytest.mark.parametrize(
    "text", ["postgres://u:s3cret#x@h/d", "postgres://u:s3/cret@h/d", "postgres://u:s3?cret@h/d"]
)
def test_the_head_of_a_password_is_not_shown_as_a_port(text: str) -> None:
    with pytest.raises(ValueError, match=r'^invalid port ":xxxxx" after host$'):
        read_url(text)
