"""What the server is asked for a catalog. Columns that it does not have are asked as empty text."""

from __future__ import annotations

from greylag.databases.clickhouse.careful.place import literal
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from greylag.databases.clickhouse.link import Link

    Row = list[str | None]

SYSTEM = ("system", "INFORMATION_SCHEMA", "information_schema", "_temporary_and_external_tables")
"""Databases that are the server's own."""


class Question(NamedTuple):
    """A table of system, what is asked of it, its condition and order.

    ``wanted`` are columns, or pairs of a column and what is asked in its place where it is there. Without one
    of ``needed`` nothing is asked.
    """

    table: str
    wanted: tuple[str | tuple[str, str], ...]
    condition: str = "1"
    order: str = "1"
    needed: tuple[str, ...] = ()


def _list(name: str) -> tuple[str, str]:
    """An array as lines."""
    return name, f"arrayStringConcat({name}, '\\n')"


TABLES = Question(
    "tables",
    (
        *("database", "name", ("uuid", "toString(uuid)"), "engine", "engine_full", "create_table_query"),
        *("partition_key", "sorting_key", "primary_key", "sampling_key", "comment", "as_select"),
    ),
    "database IN ({databases}) AND NOT is_temporary",
    "database, name",
)
COLUMNS = Question(
    "columns",
    ("database", "table", "name", "type", "default_kind", "default_expression", "comment"),
    "database IN ({databases})",
    "database, table",
)
DATABASES = Question(
    "databases", ("name", "engine", "engine_full", "comment"), "name IN ({databases})", "name"
)
FUNCTIONS = Question(
    "functions", ("name", "create_query"), "origin = 'SQLUserDefined'", "name", needed=("origin",)
)
GRANTS = Question(
    "grants",
    (
        *(("user_name", "ifNull(user_name, '')"), ("role_name", "ifNull(role_name, '')"), "access_type"),
        *("database", "table", "column", "is_partial_revoke", "grant_option"),
    ),
    "database IN ({databases})",
    needed=("access_type", "database"),
)
POLICIES = Question(
    "row_policies",
    (
        *("short_name", "database", "table", "select_filter", "is_restrictive", "apply_to_all"),
        *(_list("apply_to_list"), _list("apply_to_except")),
    ),
    "database IN ({databases})",
    "database, table, short_name",
    needed=("short_name", "select_filter"),
)
ALL = (TABLES, COLUMNS, DATABASES, FUNCTIONS, GRANTS, POLICIES)


class Asker:
    """Asks one server, or through ``reach`` the hosts of a cluster: ``{}`` in it is where a table goes.

    ``host`` is the expression that names the host a row comes from, ``settings`` are those of each question.
    """

    def __init__(
        self, link: Link, reach: str = "{}", host: str = "''", settings: Mapping[str, str] | None = None
    ) -> None:
        self._link = link
        self._reach = reach
        self._host = host
        self._settings = settings
        self._known: dict[str, set[str]] = {}

    def learn(self, more: Iterable[str] = ()) -> None:
        """Ask which columns the server's own tables have. Raises DatabaseError."""
        names = ", ".join(literal(name) for name in (*(question.table for question in ALL), *more))
        rows = self._link.query(
            f"SELECT table, name FROM system.columns WHERE database = 'system' AND table IN ({names})"
        ).rows
        for table, name in rows:
            self._known.setdefault(table or "", set()).add(name or "")

    def knows(self, question: Question) -> bool:
        """Whether the server has what the question cannot do without."""
        known = self._known.get(question.table, set())
        return bool(known) and set(question.needed) <= known

    def ask(self, question: Question, databases: Sequence[str]) -> list[Row]:
        """The rows, each with the host in front. Raises DatabaseError."""
        known = self._known.get(question.table, set())
        asked = [self._host]
        for column in question.wanted:
            name, expression = column if isinstance(column, tuple) else (column, f"`{column}`")
            # where nothing is known, the server says best what is wrong
            asked.append(expression if name in known or not known else "''")
        condition = question.condition.format(databases=", ".join(map(literal, databases)))
        if known and "is_temporary" not in known:
            condition = condition.replace(" AND NOT is_temporary", "")
        order = question.order
        if question is COLUMNS and "position" in known:
            order += ", position"
        source = self._reach.format(f"system.{question.table}")
        text = f"SELECT {', '.join(asked)} FROM {source} WHERE {condition} ORDER BY {order}"
        return self._link.query(text, settings=self._settings).rows
