"""Host names to addresses, and the order in which pgx tries them."""

from __future__ import annotations

import _socket
from time import monotonic

from greylag.databases.postgres.conninfo import is_address
from greylag.databases.postgres.waiting import StopError
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.base import Interrupt
    from greylag.databases.postgres.settings import Endpoint

_LOOK_SECONDS = 0.1


class Address(NamedTuple):
    """One attempt: ``ip`` is empty for a socket folder, ``shown`` is how pgx names the place."""

    host: str
    ip: str
    port: int
    encrypted: bool
    shown: str


def find_addresses(
    endpoints: tuple[Endpoint, ...], until: float | None, interrupt: Interrupt | None
) -> tuple[list[Address], list[str]]:
    """Every attempt in pgx's order, and Go's text for each host that has no address.

    Raises StopError when a signal arrives or the time is up while a name server is asked.
    """
    found: list[Address] = []
    unknown: list[str] = []
    resolved: dict[str, list[str]] = {}
    for endpoint in endpoints:
        host, port = endpoint.host, endpoint.port
        if host.startswith("/"):
            shown = f"{host.rstrip('/')}/.s.PGSQL.{port}"
            found.append(Address(host, "", port, endpoint.encrypted, shown))
            continue
        if host not in resolved:
            resolved[host] = [host] if is_address(host) else _resolve(host, until, interrupt)
        ips = resolved[host]
        if not ips:
            unknown.append(f"lookup {host}{_asked() if host and host.isascii() else ''}: no such host")
        found += [
            Address(host, ip, port, endpoint.encrypted, f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}")
            for ip in ips
        ]
    return found, unknown


def _resolve(host: str, until: float | None, interrupt: Interrupt | None) -> list[str]:
    import _thread

    # getaddrinfo may block for as long as a name server likes, deaf to signals: it gets a thread.
    done = _thread.allocate_lock()
    done.acquire()
    ips: list[str] = []

    def ask() -> None:
        try:
            for *_, address in _socket.getaddrinfo(host, None, 0, _socket.SOCK_STREAM):
                ips.append(str(address[0]))
        except (OSError, UnicodeError):
            pass
        finally:
            done.release()

    _thread.start_new_thread(ask, ())
    while not done.acquire(timeout=_LOOK_SECONDS):
        if interrupt is not None and interrupt.signal:
            raise StopError(interrupt.signal)
        if until is not None and monotonic() >= until:
            raise StopError(0)
    return list(dict.fromkeys(ips))


def _asked() -> str:
    # Go names the server it asked, the first of resolv.conf.
    try:
        with open("/etc/resolv.conf", encoding="utf-8", errors="replace") as file:
            words = [line.split() for line in file]
    except OSError:
        return ""
    servers = [word[1] for word in words if word[:1] == ["nameserver"] and len(word) > 1]
    return f" on {servers[0]}:53" if servers else ""
