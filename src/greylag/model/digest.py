"""SHA-256 without hashlib, which loads all of OpenSSL and so costs as much as connecting does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from hashlib import _Hash as Hash


def sha256(data: bytes = b"") -> Hash:
    """A hash object as hashlib's, from Python's own code where it has some."""
    if not _found:
        _found.append(_find())
    return _found[0](data)


_found: list[Callable[[bytes], Hash]] = []


def _find() -> Callable[[bytes], Hash]:
    for module in ("_sha2", "_sha256", "hashlib"):
        try:
            found: Callable[[bytes], Hash] = __import__(module).sha256
        except ImportError:
            continue
        return found
    raise AssertionError("hashlib is part of Python")
