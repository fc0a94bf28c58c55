"""Frames between a session and its embedded engine: one byte of kind, four of length, the payload."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

OPEN = b"O"
"""To the engine: names and values of what to open with, each ended by NUL."""
RUN = b"Q"
"""To the engine: a statement."""
WAITING = b"W"
"""From the engine: another process has the folder; the payload says which."""
READY = b"R"
"""From the engine: it is open; the payload is its version."""
ANSWER = b"A"
"""From the engine: the rows of a statement."""
ERROR = b"E"
"""From the engine: what it said no with."""
MISSING = b"M"
"""From the engine: chdb cannot be imported; the payload says why."""

_HEAD = 5


class EndedError(Exception):
    """The other side is gone."""


def pack(kind: bytes, payload: bytes = b"") -> bytes:
    """A frame, ready to be sent."""
    return kind + len(payload).to_bytes(4, "big") + payload


def unpack(receive: Callable[[], bytes], held: bytearray) -> tuple[bytes, bytes]:
    """The next frame's kind and payload; ``held`` keeps what came behind it. Raises EndedError."""
    while len(held) < _HEAD or len(held) < _HEAD + int.from_bytes(held[1:_HEAD], "big"):
        data = receive()
        if not data:
            raise EndedError
        held += data
    end = _HEAD + int.from_bytes(held[1:_HEAD], "big")
    kind, payload = bytes(held[:1]), bytes(held[_HEAD:end])
    del held[:end]
    return kind, payload


def pack_words(words: dict[str, str]) -> bytes:
    """The payload of OPEN."""
    return "".join(f"{name}\0{value}\0" for name, value in words.items()).encode("utf-8", "surrogateescape")


def unpack_words(payload: bytes) -> dict[str, str]:
    """What pack_words() packed."""
    words = payload.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return dict(zip(words[::2], words[1::2], strict=True))
