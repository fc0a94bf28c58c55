"""ALTER TABLE: what each of its actions leaves, and whether parts are rewritten for it."""

from __future__ import annotations

from greylag.model.deeds import Deed, Deeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.sql.clickhouse.cursor import Cursor

_THINGS = {"COLUMN": "column", "INDEX": "index", "PROJECTION": "projection", "CONSTRAINT": "constraint"}


class _Actions:
    """What the actions read so far come to. ``again``: all of them may be sent a second time."""

    def __init__(self, database: str, table: str) -> None:
        self.database, self.table = database, table
        self.deeds: list[Deed] = []
        self.retyped: list[str] = []
        self.mutates = self.fills = False
        self.again = True
        self.kinds: list[str] = []

    def note(self, kind: str, *, again: bool = True, mutates: bool = False) -> None:
        self.kinds.append(kind)
        self.again = self.again and again
        self.mutates = self.mutates or mutates


def read_alter(
    cursor: Cursor, cluster_of: Callable[[Cursor], str], settings_of: Callable[[Cursor], frozenset[str]]
) -> tuple[Deeds, bool]:
    """What stands behind ALTER TABLE, and whether it may be sent again."""
    cluster, settings = cluster_of(cursor), settings_of(cursor)
    cursor.accept("IF", "EXISTS")
    database, table = cursor.qualified()
    if cursor.accept("ON", "CLUSTER"):
        cursor.take()
    actions = _Actions(database, table)
    while True:
        bracket = cursor.accept("(")  # the server writes its own statements so
        _read_action(cursor, actions)
        cursor.skip_item()
        if not cursor.accept(",") or bracket:
            break
    found = Deeds(
        f"alter table {', '.join(dict.fromkeys(actions.kinds))}".strip(),
        tuple(actions.deeds),
        database,
        table,
        tuple(actions.retyped),
        actions.mutates,
        actions.fills,
        settings=settings,
        cluster=cluster,
    )
    return found, actions.again


def _read_action(cursor: Cursor, actions: _Actions) -> None:
    verb = cursor.take().text.upper()
    read = _VERBS.get(verb)
    if read is not None:
        read(cursor, actions)
    elif not actions.kinds:  # else it goes on with a list: UPDATE a = 1, b = 2
        actions.note(verb.lower(), again=False)


def _add(cursor: Cursor, actions: _Actions) -> None:
    what = cursor.first(*_THINGS, "STATISTICS")
    again = cursor.accept("IF", "NOT", "EXISTS")
    actions.note(f"add {what.lower()}", again=again)
    if what in _THINGS:
        actions.deeds.append(Deed(_THINGS[what], actions.database, actions.table, cursor.dotted()))


def _drop(cursor: Cursor, actions: _Actions) -> None:
    what = cursor.first(*_THINGS, "STATISTICS", "PARTITION", "DETACHED PARTITION", "PART", "DETACHED PART")
    if what not in _THINGS:
        actions.note(f"drop {what.lower()}", again="PART" in what)
        return
    again = cursor.accept("IF", "EXISTS")
    name = cursor.dotted()
    if what in ("COLUMN", "INDEX", "PROJECTION") and cursor.word() == "IN":
        actions.note(f"clear {what.lower()}", mutates=True)
        return
    actions.note(f"drop {what.lower()}", again=again, mutates=what != "CONSTRAINT")
    actions.deeds.append(Deed(_THINGS[what], actions.database, actions.table, name, present=False))


def _rename(cursor: Cursor, actions: _Actions) -> None:
    cursor.accept("COLUMN")
    cursor.accept("IF", "EXISTS")
    name = cursor.dotted()
    cursor.accept("TO")
    actions.note("rename column", again=False, mutates=True)
    actions.deeds.append(Deed("column", actions.database, actions.table, name, to=cursor.dotted()))


def _modify(cursor: Cursor, actions: _Actions) -> None:
    what = cursor.first(
        "COLUMN", "ORDER BY", "SAMPLE BY", "TTL", "SETTING", "COMMENT", "QUERY", "REFRESH", "SQL SECURITY",
        "DEFINER", "STATISTICS", "CONSTRAINT",
    )  # fmt: skip
    if what not in ("COLUMN", ""):
        actions.note(f"modify {what.lower()}", mutates=what == "TTL")
        return
    cursor.accept("IF", "EXISTS")
    actions.retyped.append(cursor.dotted())
    actions.note("modify column", mutates=True)


def _update(_cursor: Cursor, actions: _Actions) -> None:
    # n = n + 1 is not what it was when it is run twice
    actions.note("update", again=False, mutates=True)


def _partition(verb: str) -> Callable[[Cursor, _Actions], None]:
    """What moves parts between tables and places: the second time finds other parts, or none."""

    def read(_cursor: Cursor, actions: _Actions) -> None:
        actions.fills = True
        actions.note(f"{verb} partition", again=verb == "freeze")

    return read


def _harmless(kind: str, *, mutates: bool = False) -> Callable[[Cursor, _Actions], None]:
    def read(cursor: Cursor, actions: _Actions) -> None:
        actions.note(f"{kind} {cursor.word().lower()}", mutates=mutates)

    return read


_VERBS: dict[str, Callable[[Cursor, _Actions], None]] = {
    "ADD": _add,
    "DROP": _drop,
    "RENAME": _rename,
    "MODIFY": _modify,
    "ALTER": _modify,
    "UPDATE": _update,
    "DELETE": _harmless("delete", mutates=True),
    "MATERIALIZE": _harmless("materialize", mutates=True),
    "CLEAR": _harmless("clear", mutates=True),
    "APPLY": _harmless("apply", mutates=True),
    "REWRITE": _harmless("rewrite", mutates=True),
    "COMMENT": _harmless("comment"),
    "RESET": _harmless("reset"),
    "REMOVE": _harmless("remove"),
    "ATTACH": _partition("attach"),
    "DETACH": _partition("detach"),
    "MOVE": _partition("move"),
    "REPLACE": _partition("replace"),
    "FETCH": _partition("fetch"),
    "FREEZE": _partition("freeze"),
    "UNFREEZE": _partition("unfreeze"),
}
"""The first word of an action to what reads it."""
