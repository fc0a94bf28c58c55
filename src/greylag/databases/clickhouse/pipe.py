"""A connection as clickhouse-driver wants its socket, which notices that it leads to an HTTP port."""

from __future__ import annotations

from greylag.databases.clickhouse.failures import unreachable
from greylag.databases.clickhouse.wire import SilenceError, Wire, split_address
from greylag.errors import ConnectError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.clickhouse.dsn import Settings
    from greylag.databases.clickhouse.wire import Patience

_PROMPT = 0.4
"""Seconds after which a server that was greeted and says nothing is asked whether it speaks HTTP."""


class Pipe:
    """What the driver calls on a socket, over a :class:`greylag.databases.clickhouse.wire.Wire`."""

    def __init__(self, settings: Settings, address: str, patience: Patience) -> None:
        self._settings = settings
        self._address = address
        self._patience = patience
        self._wire = _dial(settings, address, patience)
        self._greeting = True
        self._seconds = settings.dial_timeout
        self._left = b""
        self.first = 0
        """The first byte that came: a packet's number, or the head of something else."""
        self.misled = False
        """It leads to an HTTP port."""

    def settle(self, seconds: float) -> None:
        """The greeting is over; from here on an answer may take ``seconds``."""
        self._greeting = False
        self._seconds = seconds

    def is_stale(self) -> bool:
        """Whether the server has closed the connection while nobody used it."""
        return self._wire.is_stale()

    def recv_into(self, buffer: bytearray) -> int:
        """Read what has come; 0 when the server has closed the connection."""
        data = self._left or self._receive()
        self._left = data[len(buffer) :]
        data = data[: len(buffer)]
        buffer[: len(data)] = data
        return len(data)

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._wire.send(bytes(data), seconds=self._seconds)

    def settimeout(self, seconds: float) -> None:
        """Nothing: how long to wait is settled here."""

    def setsockopt(self, *options: int) -> None:
        """Nothing: they are set."""

    def shutdown(self, how: int) -> None:
        """Nothing: closing says it."""

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def _receive(self) -> bytes:
        if not self._greeting:
            return self._wire.receive(seconds=self._seconds)
        try:
            data = self._wire.receive(seconds=_PROMPT)
        except SilenceError:
            # an HTTP server waits for the end of a line that never comes
            if self.speaks_http():
                raise self.wrong_port() from None
            data = self._wire.receive(seconds=self._seconds)
        self.first = data[0] if data else 0
        if data.startswith(b"HTTP/"):
            raise self.wrong_port()
        return data

    def speaks_http(self) -> bool:
        """Whether what listens there answers a request in HTTP."""
        try:
            other = _dial(self._settings, self._address, self._patience)
        except ConnectError:
            return False
        try:
            other.send(b"GET /ping HTTP/1.0\r\n\r\n", seconds=_PROMPT)
            answer = other.receive(seconds=_PROMPT)
        except (SilenceError, OSError):
            return False
        finally:
            other.close()
        # the port of the native protocol answers HTTP as well: with advice to use another
        return answer.startswith(b"HTTP/") and b"clickhouse-client" not in answer

    def wrong_port(self) -> ConnectError:
        """What to tell when it does."""
        self.misled = True
        text = f"{self._address} is an HTTP port, and {self._settings.scheme}:// asks for the native protocol"
        return unreachable(
            text, text, hint="write http:// (https:// and secure=true), or take the native port (9000, 9440)"
        )


def _dial(settings: Settings, address: str, patience: Patience) -> Wire:
    wire = Wire(settings, address, patience)
    if settings.secure:
        try:
            wire.encrypt(settings, split_address(address)[0])
        except BaseException:
            wire.close()
            raise
    return wire
