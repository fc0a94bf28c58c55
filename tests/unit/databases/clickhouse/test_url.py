"""URLs by Go's rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.databases.clickhouse.url import (
    Url,
    escape,
    escape_path,
    escape_user,
    read_query,
    read_url,
    unescape,
    write_query,
)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://h:1/d", Url("http", None, "", "h:1", "/d", ())),
        (
            "TCP://u:p%40w@a:1,b:2/d%20b?x=1&y",
            Url("tcp", "u", "p@w", "a:1,b:2", "/d b", (("x", "1"), ("y", ""))),
        ),
        ("clickhouse://u@h", Url("clickhouse", "u", "", "h", "", ())),
        ("clickhouse://u:p@w@h", Url("clickhouse", "u", "p@w", "h", "", ())),
        ("http://[::1]:9000/d#frag", Url("http", None, "", "[::1]:9000", "/d", ())),
        ("http://[fe80::1%25eth0]:1", Url("http", None, "", "[fe80::1%eth0]:1", "", ())),
        ("http:", Url("http", None, "", "", "", ())),
        ("http:x?y=1", Url("http", None, "", "", "", (("y", "1"),))),
        ("http:/x", Url("http", None, "", "", "/x", ())),
        ("localhost", Url("", None, "", "", "localhost", ())),
        ("///x", Url("", None, "", "", "///x", ())),
        ("//h/x", Url("", None, "", "h", "/x", ())),
        ("", Url("", None, "", "", "", ())),
        ("http://h%C3%A9/", Url("http", None, "", "hé", "/", ())),
    ],
)
def test_parts(text: str, url: Url) -> None:
    assert read_url(text) == url


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("127.0.0.1:9000", "first path segment in URL cannot contain colon"),
        ("://x", "missing protocol scheme"),
        ("http://h\n", "net/url: invalid control character in URL"),
        ("http://h:port/", 'invalid port ":port" after host'),
        ("http://a b/", 'invalid character " " in host name'),
        ("http://h%41/", 'invalid URL escape "%41"'),
        ("http://h%zz/", 'invalid URL escape "%zz"'),
        ("http://h/%4", 'invalid URL escape "%4"'),
        ("http://u:p w@h", "net/url: invalid userinfo"),
        ("http://u:p%zz@h", 'invalid URL escape "%zz"'),
        ("http://[::1", "missing ']' in host"),
        ("http://[::1]x", 'invalid port "x" after host'),
        ("http://[1.2.3.4]:5", "invalid IP-literal"),
        ("http://[zz]:5", 'invalid host: ParseAddr("zz"): unable to parse IP'),
    ],
)
def test_refusals(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_url(text)
    assert str(caught.value) == reason


def test_what_cannot_be_read_of_a_query_is_left_out() -> None:
    assert read_query("a=1&b;c=2&%zz=3&&d+e=f+g%21&a=4") == (("a", "1"), ("d e", "f g!"), ("a", "4"))


def test_escapes() -> None:
    assert escape("a b/é~") == "a%20b%2F%C3%A9~"
    assert escape_user("u@x:$&") == "u%40x%3A$&"
    assert escape_path("/a b/c:d@e?") == "/a%20b/c:d@e%3F"
    assert write_query({"b": "x y", "a": "1&2"}) == "a=1%262&b=x+y"


@given(st.text())
def test_what_is_escaped_is_read_back(text: str) -> None:
    assert unescape(escape(text)) == text
    assert read_query(write_query({"k": text})) == (("k", text),)
