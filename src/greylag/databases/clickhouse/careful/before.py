"""What a statement finds, for those whose end cannot be told from what they leave alone."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.cluster.queue import Outcome
from greylag.databases.clickhouse.careful.place import literal
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.databases.clickhouse.careful.mutations import Table
    from greylag.databases.clickhouse.link import Link
    from greylag.model.deeds import Deeds


class Before(NamedTuple):
    """``mutations`` are the ids that were there, ``types`` those of columns that get a new one.

    ``uuid`` and ``engine`` are the table's; empty where it was not there. On a cluster ``behind`` is an
    entry of the queue that was there before, and ``outcomes`` are what each host made of the statement, once
    that is known.
    """

    mutations: frozenset[str] = frozenset()
    types: Mapping[str, str] = {}
    uuid: str = ""
    engine: str = ""
    behind: str = ""
    outcomes: tuple[Outcome, ...] = ()

    def text(self) -> str:
        """One line a fact, as the journal keeps it."""
        lines = [f"table\t{self.engine}\t{self.uuid}"] if self.engine else []
        lines += [f"behind\t{self.behind}\t"] if self.behind else []
        lines += [f"host\t{each.host}\t{each.state}" for each in self.outcomes]
        lines += [f"type\t{name}\t{kind}" for name, kind in self.types.items()]
        return "\n".join((*lines, *(f"mutation\t{each}\t" for each in sorted(self.mutations))))


def read_before(text: str) -> Before:
    """What text() wrote."""
    facts = [line.split("\t") for line in text.splitlines()]
    tables = [fact for fact in facts if fact[0] == "table"]
    behind = [fact[1] for fact in facts if fact[0] == "behind"]
    return Before(
        frozenset(fact[1] for fact in facts if fact[0] == "mutation"),
        {fact[1]: fact[2] for fact in facts if fact[0] == "type"},
        *((tables[0][2], tables[0][1]) if tables else ("", "")),
        behind[0] if behind else "",
        tuple(Outcome(fact[1], fact[2]) for fact in facts if fact[0] == "host"),
    )


def look(link: Link, deeds: Deeds, table: Table) -> Before:
    """Look before a statement is sent; asks nothing for most of them. Raises DatabaseError."""
    if not (deeds.mutates or deeds.swaps):
        return Before()
    questions = [_TABLE.format(*map(literal, table))]
    if deeds.mutates:
        questions.append(_MUTATIONS.format(*map(literal, table)))
    if deeds.retyped:
        questions.append(_TYPES.format(*map(literal, table), ", ".join(map(literal, deeds.retyped))))
    rows = link.query(" UNION ALL ".join(questions)).rows
    return read_before("\n".join("\t".join(value or "" for value in row) for row in rows))


_TABLE = "SELECT 'table', engine, toString(uuid) FROM system.tables WHERE database = {} AND name = {}"
_MUTATIONS = "SELECT 'mutation', mutation_id, '' FROM system.mutations WHERE database = {} AND table = {}"
_TYPES = "SELECT 'type', name, type FROM system.columns WHERE database = {} AND table = {} AND name IN ({})"


def read_table(link: Link, table: Table) -> tuple[str, str]:
    """Engine and uuid; empty for a table that is not there. Raises DatabaseError."""
    rows = link.query(
        "SELECT engine, toString(uuid) FROM system.tables "
        f"WHERE database = {literal(table.database)} AND name = {literal(table.name)}"
    ).rows
    return (rows[0][0] or "", rows[0][1] or "") if rows else ("", "")


def read_types(link: Link, table: Table, columns: tuple[str, ...]) -> dict[str, str]:
    """The types of columns. Raises DatabaseError."""
    rows = link.query(
        f"SELECT name, type FROM system.columns WHERE database = {literal(table.database)} "
        f"AND table = {literal(table.name)} AND name IN ({', '.join(map(literal, columns))})"
    ).rows
    return {name or "": kind or "" for name, kind in rows}
