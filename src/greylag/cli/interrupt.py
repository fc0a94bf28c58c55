"""Ctrl-C and SIGTERM as a fact that engines can wait for, instead of an exception from nowhere."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable
    from types import FrameType, TracebackType
    from typing import Any, Self

    _Handler = Callable[[int, FrameType | None], Any] | int | None
else:
    import _signal as signal  # the module signal around it makes enums, which costs more than a whole start

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class SignalInterrupt:
    """While entered, the first signal is noted in ``signal`` and makes ``fileno()`` readable.

    A second one means that waiting has become too long: it ends the process as if nothing had been set up.
    """

    def __init__(self) -> None:
        self.signal = 0
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        self._before: dict[signal.Signals, _Handler] = {}

    def fileno(self) -> int:
        """A descriptor that becomes readable when the first signal arrives."""
        return self._read

    def __enter__(self) -> Self:
        for number in SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:  # as in jobs that a shell put in the background
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._read)
        os.close(self._write)

    def _note(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self.signal:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        self.signal = number
        os.write(self._write, b"!")
