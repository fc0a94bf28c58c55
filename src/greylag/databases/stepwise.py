"""What engines share that run a file statement by statement and read values as Go's database/sql does."""

from __future__ import annotations

from greylag.errors import DatabaseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.event import Stage
    from greylag.model.migration import Statement


class Reached:
    """How far a file has come."""

    def __init__(self) -> None:
        self.stage: Stage = "begin"
        self.statement: Statement | None = None
        self.count = 0


class ScanError(Exception):
    """A value that does not fit where goose reads it to; the text is database/sql's."""

    def __init__(self, index: int, column: str, reason: str) -> None:
        super().__init__(f'sql: Scan error on column index {index}, name "{column}": {reason}')


def unreadable(error: ScanError) -> DatabaseError:
    """The failure of a whole history with such a value in it."""
    return DatabaseError(
        str(error),
        driver_text=str(error),
        hint="correct the row of the version table, or name another with -table",
    )


def say_nothing(step: str, text: str, inside: bool) -> None:
    """The trace nobody listens to."""
