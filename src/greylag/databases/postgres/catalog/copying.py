"""Rows of many queries in one round trip: COPY … TO STDOUT, one after another in one message.

A row arrives as one line, so that a call into libpq is needed per row and not three per field.
"""

from __future__ import annotations

import ctypes

from greylag.databases.postgres import failures
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.libpq import COPY_OUT, FATAL_ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from greylag.databases.postgres.channel import Channel
    from greylag.errors import DatabaseError

_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
"""What stands behind a backslash in COPY's text format; anything else stands for itself."""


def copy_out(channel: Channel, before: str, queries: Sequence[str], after: str) -> Iterator[list[list[str]]]:
    """Send everything at once, and yield the rows of each query; NULL and the empty text are both empty.

    Raises DatabaseError for the first statement that fails, StopError. The caller reads to the end.
    """
    script = "".join((before, *(f"COPY ({query}) TO STDOUT (NULL '');" for query in queries), after))
    libpq = channel.libpq
    if not libpq.send_query(channel.handle, sql_bytes(script)):
        raise channel.lost()
    error: DatabaseError | None = None
    while (result := channel.next_result()) is not None:
        status = libpq.result_status(result)
        if status == FATAL_ERROR:
            error = error or failures.from_result(libpq, result)
        libpq.clear(result)
        if channel.broken:
            break
        if status == COPY_OUT:
            lines = b"".join(_lines(channel))
            if not channel.broken:
                yield rows_of(lines.decode("utf-8", "surrogateescape"))
    if error is None and not channel.usable:
        error = channel.lost()
    if error is not None:
        raise error


def _lines(channel: Channel) -> Iterator[bytes]:
    line = ctypes.c_void_p()
    place, handle = ctypes.byref(line), channel.handle
    get, free, read = channel.libpq.get_copy_data, channel.libpq.free_memory, ctypes.string_at
    while not channel.broken:
        length = get(handle, place, 1)
        if length > 0:
            yield read(line, length)
            free(line)
        elif length == 0:
            channel.wait()
        else:
            return


def rows_of(text: str) -> list[list[str]]:
    """The rows of COPY's text format, each a list of its fields."""
    if not text:
        return []
    rows = [line.split("\t") for line in text[:-1].split("\n")]
    if "\\" in text:
        unescape = _unescaper()
        for row in rows:
            for place, field in enumerate(row):
                if "\\" in field:
                    row[place] = unescape(field)
    return rows


def _unescaper() -> Callable[[str], str]:
    import re

    escaped = re.compile(r"\\(.)").sub
    return lambda field: escaped(lambda found: _ESCAPES.get(found[1], found[1]), field)
