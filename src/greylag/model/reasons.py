"""What the operating system said, in the words of Go's table of errors."""

from __future__ import annotations


def reason_of(error: OSError) -> str:
    """``Permission denied`` is ``permission denied`` in Go. An error without a number keeps its own text."""
    return (error.strerror or str(error)).lower()
