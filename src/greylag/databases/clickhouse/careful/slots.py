"""Where a lock is kept on a server: a table that only one can make, which says whose it is and until when."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.place import literal
from greylag.errors import DatabaseError
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from greylag.databases.clickhouse.careful.place import Place
    from greylag.databases.clickhouse.link import Link
else:
    Protocol = object

TITLE = "greylag: a run is under way"


class Holder(NamedTuple):
    """Whose a lock is, by its words. ``until`` is in microseconds since 1970, 0 where it is not told."""

    run: str
    words: str
    until: int
    process: str


class Slot(Protocol):
    """Everything raises DatabaseError: 57 when the lock is there, 60 when it is gone."""

    def make(self, words: str) -> None:
        """Take it; ``words`` say whose it is."""

    def prolong(self, words: str, until: int) -> None:
        """Put its expiry off."""

    def holder(self, run: str) -> Holder | None:
        """Whose it is, None for a free one. Where hosts of a cluster differ, another's than ``run``'s."""

    def remove(self) -> None:
        """Give it back."""


class CommentSlot:
    """The words are the table's comment."""

    def __init__(self, link: Link, place: Place, name: str) -> None:
        self._link = link
        self._place = place
        self._name = name

    def make(self, words: str) -> None:
        """See Slot."""
        self._link.execute(
            f"CREATE TABLE {self._place.of(self._name)} (held UInt8) ENGINE = Memory COMMENT {literal(words)}"
        )

    def prolong(self, words: str, until: int) -> None:
        """See Slot."""
        del until  # the words have it
        self._link.execute(f"ALTER TABLE {self._place.of(self._name)} MODIFY COMMENT {literal(words)}")

    def holder(self, run: str) -> Holder | None:
        """See Slot."""
        del run
        rows = self._link.query(
            f"SELECT comment FROM system.tables WHERE database = {literal(self._place.database)} "
            f"AND name = {literal(self._name)}"
        ).rows
        return read_words(rows[0][0] or "") if rows else None

    def remove(self) -> None:
        """See Slot."""
        self._link.execute(f"DROP TABLE IF EXISTS {self._place.of(self._name)}")


class RowSlot:
    """The words are the default of a column, as servers of 2018 have no comments; rows put the expiry off."""

    def __init__(self, link: Link, place: Place, name: str) -> None:
        self.link = link
        self.place = place
        self.name = name

    @property
    def table(self) -> str:
        """The table, ready for SQL."""
        return self.place.of(self.name)

    def definition(self, words: str, engine: str = "Memory", clause: str = "") -> str:
        """What makes the table."""
        plain = words.replace("\\", "/").replace("'", '"')
        columns = f"held UInt64, owner String DEFAULT '{plain}'"
        return f"CREATE TABLE {self.table}{clause} ({columns}) ENGINE = {engine}"

    def make(self, words: str) -> None:
        """See Slot."""
        self.link.execute(self.definition(words))

    def prolong(self, words: str, until: int) -> None:
        """See Slot."""
        del words
        # VALUES would be ignored by old servers over the native protocol
        self.link.execute(f"INSERT INTO {self.table} (held) SELECT toUInt64({until}) AS held")

    @property
    def question(self) -> str:
        """Whether it is there, and its words."""
        return (
            f"SELECT default_expression FROM system.columns WHERE database = {literal(self.place.database)} "
            f"AND table = {literal(self.name)} AND name = 'owner'"
        )

    def holder(self, run: str) -> Holder | None:
        """See Slot."""
        del run
        rows = self.link.query(self.question).rows
        return self.read(self.link, rows[0][0] or "") if rows else None

    def read(self, link: Link, expression: str) -> Holder:
        """The holder by the column's default and the rows that ``link`` sees."""
        found = read_words(expression.strip("'"))
        try:
            rows = link.query(f"SELECT toString(max(held)) FROM {self.table}").rows
        except DatabaseError as error:
            if error.number == 0:
                raise
            return found  # it went away meanwhile
        return found._replace(until=max(found.until, int(rows[0][0] or 0))) if found.until else found

    def remove(self) -> None:
        """See Slot."""
        self.link.execute(f"DROP TABLE IF EXISTS {self.table}")


def read_words(words: str) -> Holder:
    """The holder that words tell; words that are not ours have no expiry."""
    fields = dict(part.partition("=")[::2] for part in words.split("; "))
    until = fields.get("until", "")
    if not words.startswith(TITLE) or not until.isdigit():
        return Holder("", f"a table with the comment {words!r}", 0, "")
    process = fields.get("process", "")
    pid = process.split("/")[1:2]
    who = fields.get("by", "")
    who += f", pid {pid[0]}" if pid else ""
    who += f", since {fields['since']}" if "since" in fields else ""
    return Holder(fields.get("run", ""), who, int(until), process)
