"""The keeper of a cluster: what fails because a session with it has just ended works with the next one."""

from __future__ import annotations

from time import monotonic, sleep

from greylag.errors import DatabaseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

KEEPER = 999
_SECONDS, _PAUSE = 10.0, 0.5


def patiently(act: Callable[[], T], pause: Callable[[float], None] = sleep) -> T:
    """``act``, again while the server is without the keeper, for a while. Only for what may be done twice.

    Raises DatabaseError.
    """
    began = monotonic()
    while True:
        try:
            return act()
        except DatabaseError as error:
            if error.number != KEEPER or monotonic() - began > _SECONDS:
                raise
            pause(_PAUSE)
