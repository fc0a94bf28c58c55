"""SHA-256 without hashlib, which loads all of OpenSSL and so costs as much as connecting does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def sha256(data: bytes = b"") -> Any:
    """A hash object as hashlib's, from Python's own code where it has some."""
    if not _found:
        _found.append(_find())
    return _found[0](data)


_found: list[Any] = []


def _find() -> Any:
    for module in ("_sha2", "_sha256", "hashlib"):
        try:
            return __import__(module).sha256
        except ImportError:
            continue
    raise AssertionError("hashlib is part of Python")
