"""What a hint may ask the database after a failure: who we are and which names are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.errors import GreylagError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from greylag.databases.base import Session

    Answer = TypeVar("Answer")


class Nearby:
    """Answers of a session; empty ones where there is no session, or where it does not answer any more."""

    def __init__(self, session: Session | None = None) -> None:
        self._session = session

    def role(self) -> str:
        """The role of the connection."""
        return self._ask(lambda session: session.connect().role, "")

    def tables(self) -> Sequence[str]:
        """Tables and views on the search path by their bare names, others with their schema."""
        return self._ask(lambda session: session.names(""), [])

    def columns(self, table: str) -> Sequence[str]:
        """The columns of a table, named as in SQL without quotes."""
        return self._ask(lambda session: session.names(table), [])

    def _ask(self, question: Callable[[Session], Answer], nothing: Answer) -> Answer:
        if self._session is None:
            return nothing
        try:
            return question(self._session)
        except GreylagError:
            return nothing
