"""HTTP proxies: the parameter ``http_proxy`` of a DSN, else the variables that Go's HTTP client reads."""

from __future__ import annotations

import os

from greylag.databases.clickhouse.failures import unreachable
from greylag.databases.clickhouse.url import read_url
from greylag.databases.clickhouse.wire import Wire, split_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.databases.clickhouse.dsn import Settings
    from greylag.databases.clickhouse.wire import Patience


def proxy_for(settings: Settings, address: str, environ: Mapping[str, str] = os.environ) -> str:
    """Host and port of the proxy on the way to ``address``, or nothing."""
    text = settings.http_proxy
    if not text:
        names = ("HTTPS_PROXY", "https_proxy") if settings.secure else ("HTTP_PROXY", "http_proxy")
        text = next((environ[name] for name in names if environ.get(name)), "")
        host = split_address(address, "0")[0]
        if not text or _stays_here(host) or _is_excepted(host, environ):
            return ""
    try:
        host = read_url(text if "://" in text else f"http://{text}").host
    except ValueError:
        return ""
    return host if host.rpartition(":")[2].isdigit() else f"{host}:80"


def connect(settings: Settings, address: str, patience: Patience, default_port: str) -> Wire:
    """A connection to ``address``, through a proxy where one is named. Raises ConnectError."""
    proxy = proxy_for(settings, address)
    wire = Wire(settings, proxy or address, patience, default_port)
    if not settings.secure:
        return wire
    try:
        host, port = split_address(address, default_port)
        if proxy:
            _tunnel(wire, f"{host}:{port}", settings.dial_timeout)
        wire.encrypt(settings, host)
    except BaseException:
        wire.close()
        raise
    return wire


def _tunnel(wire: Wire, address: str, seconds: float) -> None:
    wire.send(f"CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode(), seconds=seconds)
    head = bytearray()
    while b"\r\n\r\n" not in head:
        data = wire.receive(seconds=seconds)
        if not data:
            break
        head += data
    status = head.partition(b"\r\n")[0].decode("ascii", "replace").partition(" ")[2]
    if not status.startswith("200"):
        raise unreachable(
            f"the proxy does not lead to {address}: {status}", status.partition(" ")[2] or "EOF",
            hint="look at HTTPS_PROXY and NO_PROXY, and at http_proxy in the DSN",
        )  # fmt: skip


def _stays_here(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _is_excepted(host: str, environ: Mapping[str, str]) -> bool:
    """Whether NO_PROXY names the host: alone, as a domain it belongs to, or as ``*``."""
    named = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    for entry in named.lower().split(","):
        domain = entry.strip().partition(":")[0].removeprefix("*").removeprefix(".")
        if entry.strip() == "*" or (domain and (host == domain or host.endswith(f".{domain}"))):
            return True
    return False
