"""The scripts of a run, pulled one at a time, with room to give some back."""

from __future__ import annotations

from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from greylag.model.migration import Script


class Source:
    """Scripts in order. An exception of their iterator is kept until what came before it has run."""

    def __init__(self, scripts: Iterable[Script]) -> None:
        self._scripts = iter(scripts)
        self._ready: deque[Script] = deque()
        self._over = False
        self._error: Exception | None = None

    def peek(self) -> Script | None:
        """The next script, left where it is; None when there are no more."""
        if not self._ready and not self._over:
            try:
                self._ready.append(next(self._scripts))
            except StopIteration:
                self._over = True
            except Exception as error:
                self._over, self._error = True, error
        return self._ready[0] if self._ready else None

    def take(self) -> Script:
        """The script last peeked at."""
        return self._ready.popleft()

    def give_back(self, scripts: list[Script]) -> None:
        """Put scripts in front again, in their order."""
        self._ready.extendleft(reversed(scripts))

    def finish(self) -> None:
        """Raise what the iterator raised, if it did."""
        if self._error is not None:
            raise self._error
