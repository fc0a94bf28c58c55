"""Proxies: named in the DSN or by the variables Go reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.dsn import read_dsn
from greylag.databases.clickhouse.http import HttpLink
from greylag.databases.clickhouse.proxy import connect, proxy_for
from greylag.databases.clickhouse.wire import Patience
from greylag.errors import ConnectError
from tests.unit.databases.clickhouse.conftest import ok

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.databases.clickhouse.conftest import Stub

    Stubs = Callable[..., Stub]

PLAIN, TLS = read_dsn("http://h:8123"), read_dsn("https://h:8443?secure=true")


@pytest.mark.parametrize(
    ("environ", "address", "proxy"),
    [
        ({}, "h:1", ""),
        ({"HTTP_PROXY": "http://p:3128"}, "h:1", "p:3128"),
        ({"http_proxy": "p"}, "h:1", "p:80"),
        ({"http_proxy": "http://u:pw@p:1/"}, "h:1", "p:1"),
        ({"http_proxy": "http://%zz"}, "h:1", ""),
        ({"HTTPS_PROXY": "http://p:1"}, "h:1", ""),
        ({"HTTP_PROXY": "p:1"}, "127.0.0.1:1", ""),
        ({"HTTP_PROXY": "p:1"}, "localhost:1", ""),
        ({"HTTP_PROXY": "p:1"}, "[::1]:1", ""),
        ({"HTTP_PROXY": "p:1", "NO_PROXY": "*"}, "h:1", ""),
        ({"HTTP_PROXY": "p:1", "NO_PROXY": "a, .b.c"}, "h.b.c:1", ""),
        ({"HTTP_PROXY": "p:1", "no_proxy": "*.b.c"}, "b.c:1", ""),
        ({"HTTP_PROXY": "p:1", "NO_PROXY": "b.c"}, "xb.c:1", "p:1"),
    ],
)
def test_variables(environ: dict[str, str], address: str, proxy: str) -> None:
    assert proxy_for(PLAIN, address, environ) == proxy


def test_variables_with_tls() -> None:
    assert proxy_for(TLS, "h:1", {"HTTPS_PROXY": "p:1", "HTTP_PROXY": "q:1"}) == "p:1"


def test_the_dsn_wins() -> None:
    named = read_dsn("http://127.0.0.1:1?http_proxy=http://p:3128")
    assert proxy_for(named, "127.0.0.1:1", {"HTTP_PROXY": "q:1"}) == "p:3128"


def test_a_request_through_a_proxy(stub: Stubs) -> None:
    proxy = stub(ok())
    link = HttpLink(
        read_dsn(f"http://nowhere.invalid:8123?http_proxy=http://{proxy.address}"), Patience(None, None)
    )
    link.execute("SELECT 1")
    link.close()
    assert proxy.received[0].startswith(b"POST http://nowhere.invalid:8123/?")
    assert b"\r\nHost: nowhere.invalid:8123\r\n" in proxy.received[0]


def test_a_tunnel_that_is_refused(stub: Stubs) -> None:
    proxy = stub(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
    settings = read_dsn(f"https://nowhere.invalid?secure=true&http_proxy=http://{proxy.address}")
    with pytest.raises(ConnectError, match="proxy does not lead to nowhere") as caught:
        connect(settings, "nowhere.invalid", Patience(None, None), "443")
    assert caught.value.driver_text == "Proxy Authentication Required"
    assert proxy.received[0].startswith(b"CONNECT nowhere.invalid:443 HTTP/1.1\r\n")


def test_a_tunnel_that_is_closed(stub: Stubs) -> None:
    proxy = stub(None)
    settings = read_dsn(f"https://nowhere.invalid?secure=true&http_proxy=http://{proxy.address}")
    with pytest.raises(ConnectError) as caught:
        connect(settings, "nowhere.invalid", Patience(None, None), "443")
    assert caught.value.driver_text == "EOF"
