"""Names to addresses, in the order of the endpoints."""

from __future__ import annotations

import _socket
import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.postgres import addresses
from greylag.databases.postgres.addresses import find_addresses
from greylag.databases.postgres.settings import Endpoint
from greylag.databases.postgres.waiting import StopError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Flag:
    signal = 0

    def fileno(self) -> int:
        return -1


def resolver(monkeypatch: pytest.MonkeyPatch, known: dict[str, list[str]]) -> list[str]:
    asked: list[str] = []

    def getaddrinfo(host: str, *_rest: object) -> list[Any]:
        asked.append(host)
        if host not in known:
            raise _socket.gaierror(8, "not known")
        return [(2, 1, 6, "", (ip, 0)) for ip in known[host]]

    monkeypatch.setattr(_socket, "getaddrinfo", getaddrinfo)
    return asked


def test_every_address_of_every_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolver(monkeypatch, {"two": ["10.0.0.1", "::2", "10.0.0.1"]})
    found, unknown = find_addresses(
        (Endpoint("two", 5, True), Endpoint("two", 5, False), Endpoint("10.9.9.9", 6, False)), None, None
    )
    assert [(one.host, one.ip, one.shown, one.encrypted) for one in found] == [
        ("two", "10.0.0.1", "10.0.0.1:5", True),
        ("two", "::2", "[::2]:5", True),
        ("two", "10.0.0.1", "10.0.0.1:5", False),
        ("two", "::2", "[::2]:5", False),
        ("10.9.9.9", "10.9.9.9", "10.9.9.9:6", False),
    ]
    assert unknown == []
    assert asked == ["two"]


def test_a_folder_is_a_socket() -> None:
    found, _ = find_addresses((Endpoint("/run/x/", 5, False),), None, None)
    assert [(one.ip, one.shown) for one in found] == [("", "/run/x/.s.PGSQL.5")]


def test_an_unknown_host_is_told_for_every_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, {})
    monkeypatch.setattr(addresses, "_asked", lambda: " on 10.0.0.53:53")
    endpoints = (Endpoint("nope", 5, True), Endpoint("nope", 5, False), Endpoint("hü", 5, False))
    found, unknown = find_addresses(endpoints, None, None)
    assert found == []
    assert unknown == [
        "lookup nope on 10.0.0.53:53: no such host",
        "lookup nope on 10.0.0.53:53: no such host",
        "lookup hü: no such host",
    ]


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    release = threading.Event()

    def getaddrinfo(*_rest: object) -> list[Any]:
        release.wait(60)
        return []

    monkeypatch.setattr(_socket, "getaddrinfo", getaddrinfo)
    yield
    release.set()


def test_a_name_server_that_does_not_answer_ends_with_the_time(stuck: None) -> None:
    with pytest.raises(StopError) as caught:
        find_addresses((Endpoint("h", 5, False),), monotonic() + 0.05, None)
    assert caught.value.signal == 0


def test_a_signal_does_not_wait_for_a_name_server(stuck: None) -> None:
    flag = Flag()
    flag.signal = 2
    with pytest.raises(StopError) as caught:
        find_addresses((Endpoint("h", 5, False),), None, flag)
    assert caught.value.signal == 2
