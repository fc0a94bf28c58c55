"""Which engine speaks which driver word. A new engine is one line here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.databases.base import Deadline, Interrupt, Session
    from greylag.model.spread import Spread


def _postgres(
    dsn: str, table: str, deadline: Deadline | None, interrupt: Interrupt | None, _: Spread | None = None
) -> Session:
    from greylag.databases.postgres.session import PostgresSession

    return PostgresSession(dsn, table, deadline=deadline, interrupt=interrupt)


def _sqlite(
    dsn: str, table: str, deadline: Deadline | None, interrupt: Interrupt | None, _: Spread | None = None
) -> Session:
    from greylag.databases.sqlite.session import SqliteSession

    return SqliteSession(dsn, table, deadline=deadline, interrupt=interrupt)


def _clickhouse(
    dsn: str, table: str, deadline: Deadline | None, interrupt: Interrupt | None, spread: Spread | None = None
) -> Session:
    from greylag.databases.clickhouse.session import ClickhouseSession

    return ClickhouseSession(dsn, table, deadline=deadline, interrupt=interrupt, spread=spread)


ENGINES: dict[str, Callable[..., Session]] = {
    "postgres": _postgres,
    "pgx": _postgres,
    "sqlite3": _sqlite,
    "sqlite": _sqlite,
    "clickhouse": _clickhouse,
}
"""goose's driver word to the function that makes a session: (dsn, table, deadline, interrupt, spread)."""
