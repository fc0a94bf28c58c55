"""Answers in HTTP/1.1, read from a connection piece by piece."""

from __future__ import annotations

from greylag.model.quoting import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_HEAD = 1 << 20


class BrokenError(Exception):
    """What came is no answer in HTTP, or ended too early; the text is Go's."""


class Response:
    """Status, headers (names in small letters) and body; ``reusable`` says that the connection may stay."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes, *, reusable: bool) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.reusable = reusable


def read_response(receive: Callable[[], bytes]) -> Response:
    """Read one answer; ``receive`` gives the next bytes, none when the connection is closed.

    Raises BrokenError.
    """
    source = _Source(receive)
    status, version, headers = _read_head(source)
    while status == 100:  # "go on", which nobody asked for
        status, version, headers = _read_head(source)
    keeps = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return Response(status, headers, _read_chunks(source), reusable=keeps)
    length = headers.get("content-length", "")
    if length.isdigit():
        return Response(status, headers, source.take(int(length)), reusable=keeps)
    return Response(status, headers, source.take_all(), reusable=False)


def _read_head(source: _Source) -> tuple[int, str, dict[str, str]]:
    first = source.line()
    version, _, rest = first.partition(" ")
    if not version.startswith("HTTP/1.") or not rest[:3].isdigit():
        raise BrokenError(
            f"net/http: HTTP/1.x transport connection broken: malformed HTTP response {quote(first)}"
        )
    headers: dict[str, str] = {}
    while line := source.line():
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return int(rest[:3]), version, headers


def _read_chunks(source: _Source) -> bytes:
    body = bytearray()
    while True:
        size = source.line().partition(";")[0].strip()
        try:
            length = int(size, 16)
        except ValueError:
            raise BrokenError("invalid byte in chunk length") from None
        if not length:
            break
        body += source.take(length)
        source.line()
    while source.line():  # trailers
        pass
    return bytes(body)


class _Source:
    def __init__(self, receive: Callable[[], bytes]) -> None:
        self._receive = receive
        self._held = bytearray()

    def line(self) -> str:
        """Up to the next line break, which is taken away."""
        while (end := self._held.find(b"\n")) < 0:
            if len(self._held) > _LONGEST_HEAD:
                raise BrokenError("net/http: server response headers exceeded 1048576 bytes; aborted")
            self._fill()
        found = bytes(self._held[:end])
        del self._held[: end + 1]
        return found.decode("utf-8", "surrogateescape").removesuffix("\r")

    def take(self, length: int) -> bytes:
        while len(self._held) < length:
            self._fill()
        found = bytes(self._held[:length])
        del self._held[:length]
        return found

    def take_all(self) -> bytes:
        while data := self._receive():
            self._held += data
        return bytes(self._held)

    def _fill(self) -> None:
        data = self._receive()
        if not data:
            raise BrokenError("unexpected EOF" if self._held else "EOF")
        self._held += data
