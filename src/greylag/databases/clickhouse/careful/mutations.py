"""Mutations: what a statement left to the background, how far it is, and why it does not get on."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.place import identifier, literal
from greylag.errors import DatabaseError, LostError
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from greylag.databases.clickhouse.link import Link
    from greylag.model.deeds import Deeds

FAILED = 341
"""ClickHouse's number for a mutation that could not be done."""


class Mutation(NamedTuple):
    """A row of system.mutations. ``left`` counts parts; ``reason`` is that of its latest failure."""

    id: str
    command: str
    left: int
    done: bool
    reason: str


class Table(NamedTuple):
    """A table by its bare names."""

    database: str
    name: str

    @property
    def sql(self) -> str:
        """The name as SQL wants it."""
        return f"{identifier(self.database)}.{identifier(self.name)}"


class StuckError(DatabaseError):
    """A mutation is neither done nor failed: it goes on in the background, or waits for another one."""


def read_mutations(link: Link, table: Table) -> list[Mutation]:
    """All that the server remembers of a table, oldest first. Raises DatabaseError."""
    rows = link.query(
        "SELECT mutation_id, command, toString(parts_to_do), toString(is_done), latest_fail_reason "
        f"FROM system.mutations WHERE database = {literal(table.database)} AND table = {literal(table.name)} "
        "ORDER BY create_time, mutation_id"
    ).rows
    return [
        Mutation(name or "", command or "", int(left or 0), done == "1", reason or "")
        for name, command, left, done, reason in rows
    ]


def new_ones(mutations: Collection[Mutation], before: Collection[str]) -> list[Mutation]:
    """Those that were not there before a statement was sent."""
    return [mutation for mutation in mutations if mutation.id not in before]


def started_by(link: Link, text: str, deeds: Deeds, mutation: Mutation) -> bool | None:
    """Whether the statement ``text`` started a mutation; None for one that does the same kind of thing.

    The server keeps a mutation in its own spelling, so it is asked how it spells the statement. Raises
    DatabaseError.
    """
    command = mutation.command.lower()
    kinds = deeds.kind.removeprefix("alter table ").split(", ")
    if not any(word in command for kind in kinds for word in _WORDS.get(kind, (kind,))):
        return False
    condition = _squeezed(mutation.command).partition("WHERE")[2]
    try:
        spelled = link.query(f"SELECT formatQuerySingleLine({literal(text)})").rows[0][0] or ""
    except LostError:
        raise
    except DatabaseError:  # servers before version 20.9
        spelled = text
    # a lightweight DELETE is kept as an UPDATE with its condition
    return True if condition in _squeezed(spelled) else None


def _squeezed(text: str) -> str:
    return "".join(char for char in text if not char.isspace() and char not in "()`;")


_WORDS = {
    "delete": ("delete", "_row_exists"),
    "modify ttl": ("materialize ttl",),
    "clear column": ("column",),
    "clear index": ("index",),
    "clear projection": ("projection",),
}
"""What stands in system.mutations for a statement that has other words."""


def kill_line(table: Table, mutation: Mutation) -> str:
    """What ends a mutation."""
    return (
        f"KILL MUTATION WHERE database = {literal(table.database)} AND table = {literal(table.name)} "
        f"AND mutation_id = {literal(mutation.id)} SYNC"
    )


def kill(link: Link, table: Table, mutation: Mutation) -> str:
    """End a failed mutation, which would hold up every later one; what to tell of it."""
    line = kill_line(table, mutation)
    try:
        link.execute(line)
    except DatabaseError as error:
        return f"{left_behind(table, mutation)} ({error.message})"
    return (
        f"{mutation.id} was taken out of the queue of {table.sql}, which it would have held up ({line}); "
        "parts that it had rewritten keep what it did"
    )


def left_behind(table: Table, mutation: Mutation) -> str:
    """What to tell of a failed mutation that stays."""
    return (
        f"{mutation.id} stays in the queue of {table.sql} and holds up every later mutation; end it: "
        f"{kill_line(table, mutation)}"
    )


def failure(table: Table, mutation: Mutation) -> DatabaseError:
    """The error of a mutation that failed in the background, as the server words it in the foreground."""
    reason = mutation.reason.partition(" (version ")[0]
    text = f"Mutation {mutation.id} of {table.sql} failed: {reason} (UNFINISHED)"
    error = DatabaseError(text, driver_text=f"code: {FAILED}, message: {text}")
    error.number = FAILED
    return error


def blocked(table: Table, older: Mutation) -> StuckError:
    """The error of a mutation that waits behind a failing one of somebody else."""
    return StuckError(
        f"an older mutation of {table.sql} fails and holds up the one of this statement: {older.id} "
        f"{older.command}: {older.reason}",
        driver_text="",
        hint=f"end it if it is not needed: {kill_line(table, older)}; then run the same command again",
    )


def endless(table: Table, mutation: Mutation, seconds: float) -> StuckError:
    """The error of a mutation that got no part done for too long."""
    return StuckError(
        f"mutation {mutation.id} of {table.sql} has {mutation.left} parts left and finished none in "
        f"{seconds / 60:.0f} min; it goes on in the background",
        driver_text="",
        hint="look at system.mutations and system.merges, then run the same command again: it waits for it; "
        f"or end it: {kill_line(table, mutation)}",
    )
