"""Answers in HTTP, in whatever pieces they come."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.response import BrokenError, Response, read_response


def read(data: bytes, size: int = 1 << 16) -> Response:
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return read_response(lambda: pieces.pop(0) if pieces else b"")


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n0\r\nT: x\r\n\r\n"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_lengths_chunks_and_ends(size: int) -> None:
    answer = read(b"HTTP/1.1 404 Not Found\r\nX-A:  b \r\nContent-Length: 5\r\n\r\nhello", size)
    assert (answer.status, answer.headers["x-a"], answer.body, answer.reusable) == (404, "b", b"hello", True)
    answer = read(CHUNKED, size)
    assert (answer.status, answer.body, answer.reusable) == (200, b"abc0123456789abcdef", True)
    answer = read(b"HTTP/1.0 400 Bad\n\nto the end", size)
    assert (answer.status, answer.body, answer.reusable) == (400, b"to the end", False)


def test_connections_that_will_be_closed() -> None:
    assert not read(b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n").reusable
    assert not read(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").reusable


def test_an_interim_answer_is_passed_over() -> None:
    assert read(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx").body == b"x"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "EOF"),
        (b"HTTP/1.1 200 OK\r\n", "EOF"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "unexpected EOF"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "invalid byte in chunk length"),
        (b"SSH-2.0-x\r\n", 'malformed HTTP response "SSH-2.0-x"'),
        (b"x" * (1 << 21), "headers exceeded"),
    ],
)
def test_what_is_no_answer(data: bytes, reason: str) -> None:
    with pytest.raises(BrokenError, match=reason.replace('"', ".")):
        read(data)
