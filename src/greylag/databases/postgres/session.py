"""A PostgreSQL database behind the Protocol of greylag.databases.base."""

from __future__ import annotations

import os

from greylag.databases.postgres import connection, dsn, failures, history
from greylag.databases.postgres.waiting import StopError
from greylag.errors import DatabaseError
from greylag.model.server import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from typing import TypeVar

    from greylag.databases.base import Careful, Deadline, Interrupt, Journal
    from greylag.databases.postgres.channel import Channel
    from greylag.databases.postgres.settings import Settings
    from greylag.model.care import Manners, Tell
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.catalog.sight import Sight
    from greylag.model.event import Ran, Trace
    from greylag.model.history import Applied, Stamp
    from greylag.model.migration import Script

    Answer = TypeVar("Answer")


class PostgresSession:
    """One connection to one database, made when first needed and made anew after it broke."""

    def __init__(
        self, text: str, table: str, *, deadline: Deadline | None = None, interrupt: Interrupt | None = None
    ) -> None:
        self.table = table
        self.deadline = deadline
        self.interrupt = interrupt
        self._text = text
        self._settings: Settings | None = None
        self._channel: Channel | None = None

    def __repr__(self) -> str:
        return f"PostgresSession(table={self.table!r})"

    def connect(self) -> Server:
        """Open the connection if need be and say where it leads. Raises ConnectError."""
        channel = self.ask(lambda channel: channel)
        return Server(
            engine="postgres",
            version=channel.parameter("server_version"),
            host=channel.place.host,
            port=channel.place.port,
            database=channel.database,
            role=channel.role,
        )

    def history(self) -> list[Applied]:
        """All rows of the version table, newest first by row id."""
        try:
            return self.ask(lambda channel: history.read_rows(channel, self.table))
        except DatabaseError as error:
            error.no_history = error.sqlstate in history.NOT_THERE
            raise

    def stamps(self) -> list[Stamp]:
        """The newest row of every version by time stamp; NULL counts as newest, as in goose's query."""
        return self.ask(lambda channel: history.read_stamps(channel, self.table))

    def moments(self) -> dict[int, datetime | None]:
        """The newest time stamp of every version."""
        return self.ask(lambda channel: history.read_moments(channel, self.table))

    def create_history(self) -> None:
        """Make the version table and its row for version 0, in one transaction."""
        self.ask(lambda channel: history.create_table(channel, self.table))

    def is_empty(self) -> bool:
        """Whether nobody has made a table or view."""
        from greylag.databases.postgres.relations import has_relations  # one verb asks

        return not self.ask(lambda channel: has_relations(channel, self.table))

    def names(self, table: str) -> list[str]:
        """Tables and views, or the columns of a table."""
        from greylag.databases.postgres.names import read_names  # hints ask

        return self.ask(lambda channel: read_names(channel, table))

    def catalog(self, schemas: Sequence[str] | None = None, *, home: str = "public") -> Catalog:
        """The schema of the database; see the Protocol."""
        from greylag.databases.postgres.catalog.reading import read_catalog  # few verbs ask

        return self.ask(lambda channel: read_catalog(channel, schemas, home))

    def sight(self, schemas: Sequence[str]) -> Sight:
        """What Prisma meets in these schemas beside what they are."""
        from greylag.databases.postgres.catalog.sight import read_sight  # one verb asks

        return self.ask(lambda channel: read_sight(channel, schemas))

    def apply(
        self, scripts: Iterable[Script], *, record: bool = True, trace: Trace | None = None
    ) -> Iterator[Ran]:
        """Run scripts in order and yield each when it is done; see the Protocol."""
        from greylag.databases.postgres.run import Run  # most commands apply nothing

        return Run(self, record=record, trace=trace).apply(scripts)

    def journal(self) -> Journal | None:
        """What greylag noted in this database."""
        from greylag.databases.postgres.careful.reading import JournalReader

        return JournalReader(self)

    def careful(self, manners: Manners, tell: Tell) -> Careful | None:
        """A run with lock, journal and timeouts."""
        from greylag.databases.postgres.careful.custody import Custody

        return Custody(self, manners, tell)

    def close(self) -> None:
        """Close the connection."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def clean_channel(self) -> Channel:
        """The open connection outside a transaction, as database/sql hands one out.

        One that broke, or that a file left inside a transaction, is dropped for a new one. Raises
        ConnectError, StopError.
        """
        if self._channel is not None and (not self._channel.usable or self._channel.in_transaction):
            self.close()
        if self.deadline is not None and not self.deadline.left():
            raise failures.deadline(failures.DEADLINE_BEFORE)
        if self._channel is None:
            self._channel = connection.connect(self.settings, self.deadline, self.interrupt)
        return self._channel

    @property
    def settings(self) -> Settings:
        """What the connection text and the environment mean. Raises ConnectError."""
        if self._settings is None:
            self._settings = dsn.parse(self._text, os.environ)
        return self._settings

    @property
    def lost_channel(self) -> Channel | None:
        """The connection that broke, as long as nothing was asked since."""
        return self._channel

    def abandon(self) -> None:
        """After StopError: cancel what runs and undo an open transaction."""
        if self._channel is not None:
            self._channel.abandon()

    def ask(self, question: Callable[[Channel], Answer]) -> Answer:
        """Put a question to the connection, opened if need be. Raises DatabaseError, InterruptedRunError."""
        try:
            return question(self.clean_channel())
        except StopError as stop:
            self.abandon()
            raise stop.as_error() from None
