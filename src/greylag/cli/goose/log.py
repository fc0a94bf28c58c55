"""What the ``goose`` face writes: log lines on stderr as Go's standard logger writes them, results on stdout.

One write per line, so that lines of two programs never mix, and nothing is left in a buffer when a run is
killed. A broken pipe is for the caller; any other failure to write is ignored, as Go's logger ignores it.
"""

from __future__ import annotations

import os
import time

_OUT, _ERR = 1, 2
_last = (-1, "")


def log(message: str) -> None:
    """Write ``message`` to stderr behind the local time; a line break is added unless it ends with one."""
    say(f"{_stamp()}{message}" if message.endswith("\n") else f"{_stamp()}{message}\n")


def say(text: str) -> None:
    """Write ``text`` to stderr as it is."""
    _write(_ERR, text)


def result(text: str) -> None:
    """Write ``text`` to stdout as it is."""
    _write(_OUT, text)


def _stamp() -> str:
    global _last  # noqa: PLW0603  # formatting the time is most of the cost of a line
    now = int(time.time())
    if _last[0] != now:
        _last = (now, time.strftime("%Y/%m/%d %H:%M:%S ", time.localtime(now)))
    return _last[1]


def forget_zone() -> None:
    """Read the time zone from the environment again."""
    global _last  # noqa: PLW0603
    time.tzset()
    _last = (-1, "")


def _write(descriptor: int, text: str) -> None:
    data = text.encode("utf-8", "surrogateescape")
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except BrokenPipeError:
        raise
    except OSError:
        return
