"""A driver word and connection text to a session, for faces that have both."""

from __future__ import annotations

from greylag.databases.base import Deadline
from greylag.databases.registry import ENGINES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.base import Interrupt
    from greylag.databases.base import Session as Session  # noqa: PLC0414  # faces take the type from here
    from greylag.model.spread import Spread


def engine_words() -> tuple[str, ...]:
    """goose's driver words for which there is an engine here."""
    return tuple(ENGINES)


def connect(
    driver: str,
    dsn: str,
    table: str,
    *,
    timeout_seconds: float | None = None,
    interrupt: Interrupt | None = None,
    spread: Spread | None = None,
) -> Session:
    """A session that opens its connection when it is first needed; ``driver`` is one of engine_words().

    ``timeout_seconds`` counts from here and bounds everything the session does. ``spread`` is the
    cluster that a database of ClickHouse is on.
    """
    deadline = None if timeout_seconds is None else Deadline(timeout_seconds)
    return ENGINES[driver](dsn, table, deadline, interrupt, spread)
