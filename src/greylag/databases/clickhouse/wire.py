"""One TCP connection, with or without TLS, that waits no longer than deadline and signals allow."""

from __future__ import annotations

import time

from greylag.databases.clickhouse.failures import overdue, refused, unreachable
from greylag.errors import InterruptedRunError
from greylag.model.quoting import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from greylag.databases.base import Deadline, Interrupt
    from greylag.databases.clickhouse.dsn import Settings
else:
    import _socket as socket  # the module around it makes enums, which cost more than a whole start

_PIECE = 1 << 16
_LONGEST_WAIT = 3600.0
"""Seconds of one call of poll(), which counts milliseconds in 32 bits."""
_WATCH_SECONDS = 1.0


class SilenceError(Exception):
    """Nothing came in the time that was given."""


class Patience:
    """What ends a wait besides the thing that is waited for."""

    def __init__(self, deadline: Deadline | None, interrupt: Interrupt | None) -> None:
        self.deadline = deadline
        self.interrupt = interrupt
        self.watch: Callable[[], None] | None = None
        """Called about once a second while the answer to a statement is awaited."""

    def look_around(self) -> None:
        """Raise InterruptedRunError after a signal, DeadlineError when the time is over."""
        if self.interrupt is not None and self.interrupt.signal:
            raise InterruptedRunError(self.interrupt.signal)
        if self.deadline is not None and self.deadline.left() == 0:
            raise overdue()

    def pause(self, seconds: float) -> None:
        """Do nothing for so long. Raises as look_around()."""
        import select

        poll = select.poll()
        if self.interrupt is not None:
            poll.register(self.interrupt.fileno(), select.POLLIN)
        if self.deadline is not None:
            seconds = min(seconds, self.deadline.left())
        poll.poll(seconds * 1000)
        self.look_around()

    def wait(self, descriptor: int, *, seconds: float, writing: bool = False) -> None:
        """Wait until ``descriptor`` can be read (or written). Raises SilenceError, and as look_around()."""
        import select

        until = time.monotonic() + seconds
        poll = select.poll()
        poll.register(descriptor, select.POLLOUT if writing else select.POLLIN)
        if self.interrupt is not None:
            poll.register(self.interrupt.fileno(), select.POLLIN)
        while True:
            self.look_around()
            left = min(until - time.monotonic(), _LONGEST_WAIT)
            if left <= 0:
                raise SilenceError
            if self.deadline is not None:
                left = min(left, self.deadline.left())
            if self.watch is not None and not writing:
                left = min(left, _WATCH_SECONDS)
            if any(ready == descriptor for ready, _ in poll.poll(left * 1000 + 1)):
                return
            if self.watch is not None and not writing:
                self.watch()


class Wire:
    """An open connection to ``address`` (host:port as in the DSN). Raises ConnectError."""

    def __init__(self, settings: Settings, address: str, patience: Patience, default_port: str = "") -> None:
        self._patience = patience
        host, port = split_address(address, default_port)
        self._socket = _connect(host, port, address, settings.dial_timeout, patience)

    def encrypt(self, settings: Settings, host: str) -> None:
        """Speak TLS from here on, with a server that calls itself ``host``. Raises ConnectError."""
        self._patience.look_around()
        self._socket = _encrypt(self._socket, settings, host)

    def is_stale(self) -> bool:
        """Whether the server has closed the connection while nobody used it."""
        import select

        poll = select.poll()
        poll.register(self._socket.fileno(), select.POLLIN)
        return bool(poll.poll(0))

    def send(self, data: bytes, *, seconds: float) -> None:
        """Send all of it. Raises OSError, SilenceError, and as Patience.look_around()."""
        rest = memoryview(data)
        while rest:
            self._patience.wait(self._socket.fileno(), seconds=seconds, writing=True)
            rest = rest[self._socket.send(rest[:_PIECE]) :]

    def receive(self, *, seconds: float) -> bytes:
        """What has come, at least one byte; nothing once the server has closed the connection.

        Raises OSError, SilenceError, and as Patience.look_around().
        """
        pending = getattr(self._socket, "pending", None)
        if pending is None or not pending():
            self._patience.wait(self._socket.fileno(), seconds=seconds)
        return self._socket.recv(_PIECE)

    def close(self) -> None:
        """Close it; calling it twice is fine."""
        self._socket.close()


def split_address(address: str, default_port: str = "") -> tuple[str, str]:
    """Host and port. Raises ConnectError for an address without a port, in Go's words."""
    host, colon, port = address.rpartition(":")
    if not colon or port.endswith("]"):
        host, port = address, ""
    if not port:
        port = default_port
        if not port:
            raise unreachable(
                f"{address} names no port",
                f"dial tcp: address {address}: missing port in address",
                hint="write it behind the host: the native protocol is at 9000, or 9440 with TLS",
            )
    if not port.isdigit() or int(port) > 65535:
        raise unreachable(f"{port} is no port", f"dial tcp: address {port}: invalid port")
    return host.removeprefix("[").removesuffix("]"), port


def _connect(host: str, port: str, address: str, seconds: float, patience: Patience) -> socket.socket:
    failure: Exception | None = None
    for family, kind, number, _, spot in _addresses(host, port):
        made = socket.socket(family, kind, number)
        try:
            _open(made, spot, seconds, patience)
        except SilenceError:
            made.close()
            failure = unreachable(
                f"{address} does not answer", f"dial tcp {_shown(spot)}: i/o timeout",
                hint="check host, port and firewall, or give more time with dial_timeout",
            )  # fmt: skip
        except OSError as error:
            made.close()
            failure = refused(error, address, _shown(spot))
        except BaseException:
            made.close()
            raise
        else:
            return made
    assert failure is not None, "getaddrinfo gives at least one address"  # noqa: S101 - as it promises
    raise failure


def _addresses(host: str, port: str) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    try:
        # as bytes, a name of ASCII letters spares the import of what knows the others
        name = host.encode() if host.isascii() else host
        found = socket.getaddrinfo(name or "localhost", port, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = f"dial tcp: lookup {host}: no such host"
        raise unreachable(
            f"there is no host {quote(host)}: {error}", reason, hint="check the host's name in the DSN"
        ) from None
    return found  # type: ignore[return-value]  # families as numbers


def _open(made: socket.socket, spot: tuple[object, ...], seconds: float, patience: Patience) -> None:
    made.setblocking(False)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        made.connect(spot)
    except BlockingIOError:
        patience.wait(made.fileno(), seconds=seconds, writing=True)
        if number := made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(number, "connect") from None
    made.setblocking(True)


def _shown(spot: tuple[object, ...]) -> str:
    host = str(spot[0])
    return f"[{host}]:{spot[1]}" if ":" in host else f"{host}:{spot[1]}"


def _encrypt(plain: socket.socket, settings: Settings, host: str) -> socket.socket:
    import socket as full
    import ssl

    context = ssl.create_default_context()
    if settings.skip_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    wrapped = full.socket(fileno=plain.detach())
    try:
        wrapped.settimeout(settings.dial_timeout)
        made = context.wrap_socket(wrapped, server_hostname=settings.tls_server_name or host)
        made.settimeout(None)
    except ssl.SSLCertVerificationError as error:
        wrapped.close()
        reason = error.verify_message
        raise unreachable(
            f"the certificate of {host} is not trusted: {reason}",
            f"tls: failed to verify certificate: x509: {reason}",
            hint="let SSL_CERT_FILE name the authority's certificate, or write skip_verify=true",
        ) from None
    except ssl.SSLError as error:
        wrapped.close()
        raise unreachable(
            f"no TLS at {host}: {error.reason or error}",
            "tls: first record does not look like a TLS handshake",
            hint="HTTPS is at 8443, the native protocol with TLS at 9440; secure=true asks for TLS",
        ) from None
    except OSError as error:
        wrapped.close()
        raise unreachable(f"no TLS at {host}: {error}", f"read tcp {host}: {error}") from None
    return made
