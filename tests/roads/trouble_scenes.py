"""What has to be going on in a database, or between it and us, for an answer to come."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    Scene = Callable[[str], AbstractContextManager[str]]


@contextlib.contextmanager
def plain(url: str) -> Iterator[str]:
    """Nothing but the files of the page."""
    yield url


SCENES: dict[str, Scene] = {}
"""Page to its scene: a context manager from the URL of a fresh database to the one to be used."""
