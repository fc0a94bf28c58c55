"""Statements that run outside transactions and were broken off: did they take effect, what did they leave?"""

from __future__ import annotations

from greylag.databases.postgres.careful.place import identifier, literal
from greylag.databases.postgres.encoding import sql_bytes
from greylag.databases.postgres.failures import text
from greylag.errors import DatabaseError, UnfinishedError
from greylag.model.care import WAYS_OUT
from greylag.model.event import Notice
from greylag.model.location import Location
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.databases.postgres.careful.hold import Hold
    from greylag.model.facts import Effect, Facts
    from greylag.model.migration import Direction, Script, Statement


class Index(NamedTuple):
    """An index as the catalog has it; ``name`` is qualified and quoted."""

    name: str
    valid: bool
    building: bool


class Interrupted:
    """Asks and mends the catalog for one run."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold

    def took_effect(self, script: Script, number: int, statement: Statement, facts: Facts) -> bool:
        """Whether a statement whose end nobody saw took effect.

        False also for one that can simply be run again. Raises UnfinishedError where it cannot be told.
        """
        if not facts.alone:
            return False  # it would have been committed with its result
        found = None
        if facts.effect is not None:
            found = _CHECKS[facts.effect.kind](self, facts.effect)
        if found is None and facts.repeatable:
            return False
        if found is None:
            raise self.cannot_tell(script, number, statement)
        return found

    def cannot_tell(self, script: Script, number: int, statement: Statement) -> UnfinishedError:
        """The error that names the three things one can do."""
        name, version = script.migration.name, script.migration.version
        line, column = statement.place(0)
        return UnfinishedError(
            f"{name} was broken off in statement {number} of {script.count}: the server cannot tell whether "
            "that statement took effect",
            version=version,
            where=Location(script.migration.path, line, column),
            hint=three_ways(version, number, script.direction),
        )

    def heal(self, script: Script, facts: Facts) -> None:
        """Before an index is built: drop what an earlier build of it left invalid. Raises DatabaseError."""
        effect = facts.effect
        if effect is None or not effect.present:
            return
        if effect.kind == "index built" and effect.name:
            index = self._index(effect)
            if index is not None and not index.valid and not index.building:
                self._drop(script, index)
        elif effect.kind == "index rebuilt":
            for index in self._leftovers(effect):
                if not index.building:
                    self._drop(script, index)

    def explain(self, error: DatabaseError, facts: Facts) -> None:
        """After a failure: name the invalid index it left."""
        effect = facts.effect
        if effect is None or effect.kind != "index built" or not effect.name or not effect.present:
            return
        try:
            index = self._index(effect)
        except DatabaseError:
            return
        if index is not None and not index.valid:
            error.context = "\n".join(
                filter(
                    None, (error.context, f"the index {index.name} was left invalid; the next run drops it")
                )
            )

    def _drop(self, script: Script, index: Index) -> None:
        hold = self._hold
        hold.tell(
            Notice(
                "healed",
                f"{script.migration.name}: {index.name} is the invalid rest of a broken build; it is dropped "
                "concurrently and built anew",
                {"version": script.migration.version, "index": index.name},
            )
        )
        hold.held().execute(sql_bytes(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}"))

    def _index(self, effect: Effect) -> Index | None:
        table = f" AND i.indrelid = pg_catalog.to_regclass({literal(effect.table)})" if effect.table else ""
        space = f" AND n.nspname = {literal(effect.schema)}" if effect.schema else ""
        if not effect.table and not effect.schema:
            space = " AND pg_catalog.pg_table_is_visible(c.oid)"
        found = self._indexes(f"c.relname = {literal(effect.name)}{table}{space}")
        return found[0] if found else None

    def _leftovers(self, effect: Effect) -> list[Index]:
        of_index = f"pg_catalog.to_regclass({literal(_qualified(effect))})" if effect.name else "NULL"
        of_table = f"pg_catalog.to_regclass({literal(effect.table)})" if effect.table else "NULL"
        of_schema = literal(effect.schema) if not (effect.name or effect.table) else "NULL"
        return self._indexes(
            "NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND "
            f"(i.indrelid = {of_table} OR n.nspname = {of_schema} OR i.indrelid = "
            f"(SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = {of_index}))"
        )

    def _indexes(self, condition: str) -> list[Index]:
        # Who may not see what another role builds sees its lock: a DROP would wait for that build and hit it.
        query = f"""
SELECT n.nspname, c.relname, i.indisvalid, EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
         WHERE p.pid <> pg_catalog.pg_backend_pid() AND (p.index_relid = c.oid
            OR (p.index_relid IS NULL OR p.command LIKE 'REINDEX%') AND EXISTS (
                 SELECT FROM pg_catalog.pg_locks l
                  WHERE l.pid = p.pid AND l.locktype = 'relation' AND l.granted AND l.database = p.datid
                    AND l.relation = i.indrelid AND p.datname = pg_catalog.current_database())))
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {condition}"""
        return [
            Index(f"{identifier(text(space))}.{identifier(text(name))}", valid == b"t", building == b"t")
            for space, name, valid, building in self._rows(query)
        ]

    def _rows(self, query: str) -> list[tuple[bytes | None, ...]]:
        return self._hold.held().fetch(sql_bytes(query), binary=False).rows

    def _is_there(self, query: str) -> bool:
        return bool(self._rows(query))

    # -- what each kind of statement leaves ---------------------------------------------------------------

    def _built(self, effect: Effect) -> bool | None:
        if not effect.name:
            return None  # PostgreSQL chose the name: which index is ours cannot be told
        index = self._index(effect)
        return index is not None and index.valid

    def _dropped(self, effect: Effect) -> bool | None:
        return self._index(effect) is None

    def _rebuilt(self, effect: Effect) -> bool | None:
        del effect
        return False  # again is as good

    def _detached(self, effect: Effect) -> bool | None:
        partition = f"pg_catalog.to_regclass({literal(_qualified(effect))})"
        parent = f"pg_catalog.to_regclass({literal(effect.table)})"
        rows = self._rows(
            f"SELECT inhdetachpending, {parent}::text, {partition}::text FROM pg_catalog.pg_inherits "
            f"WHERE inhrelid = {partition} AND inhparent = {parent}"
        )
        if not rows:
            return True
        pending, table, child = rows[0]
        if pending == b"t":
            self._hold.held().execute(
                sql_bytes(f"ALTER TABLE {text(table)} DETACH PARTITION {text(child)} FINALIZE")
            )
            return True
        return False

    def _database(self, effect: Effect) -> bool | None:
        there = self._is_there(f"SELECT FROM pg_catalog.pg_database WHERE datname = {literal(effect.name)}")
        return there == effect.present

    def _subscription(self, effect: Effect) -> bool | None:
        name = literal(effect.name)
        there = self._is_there(
            f"SELECT FROM pg_catalog.pg_subscription WHERE subname = {name} AND subdbid = "
            "(SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"
        )
        return there == effect.present


_CHECKS: dict[str, Callable[[Interrupted, Effect], bool | None]] = {
    "index built": Interrupted._built,  # noqa: SLF001  # the table of this class's own checks
    "index dropped": Interrupted._dropped,  # noqa: SLF001
    "index rebuilt": Interrupted._rebuilt,  # noqa: SLF001
    "partition detached": Interrupted._detached,  # noqa: SLF001
    "database": Interrupted._database,  # noqa: SLF001
    "subscription": Interrupted._subscription,  # noqa: SLF001
}


def _qualified(effect: Effect) -> str:
    name = identifier(effect.name)
    return f"{identifier(effect.schema)}.{name}" if effect.schema else name


def three_ways(version: int, number: int, direction: Direction) -> str:
    """What a person can say about a file that was broken off in statement ``number``."""
    option, end = WAYS_OUT[direction]
    return (
        f"look at the database, then say which: greylag resolve {version} --resume (statement {number} took "
        f"effect: go on behind it), --from-start (begin with statement 1), {option} ({end})"
    )
