"""What a ClickHouse statement does, from its text: the seam through which a run asks."""

from __future__ import annotations

from itertools import pairwise

from greylag.model.deeds import Deed, Deeds
from greylag.model.facts import Facts
from greylag.sql.clickhouse.alter import read_alter
from greylag.sql.clickhouse.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Reading = tuple[Deeds, bool]
    """What a statement does, and whether it may be sent again."""

_TABLES = ("TABLE", "VIEW", "MATERIALIZED VIEW", "WINDOW VIEW", "LIVE VIEW", "DICTIONARY")
_NAMED = {
    "FUNCTION": "function",
    "USER": "user",
    "ROLE": "role",
    "QUOTA": "quota",
    "SETTINGS PROFILE": "settings profile",
    "PROFILE": "settings profile",
    "NAMED COLLECTION": "named collection",
    "WORKLOAD": "workload",
    "RESOURCE": "resource",
}
"""Objects outside databases, and the kind of their deed."""


def examine(text: str) -> Facts:
    """Read one statement. A text that cannot be read has no kind, and may not be sent again."""
    cursor = Cursor(text)
    if cursor.next.text == "(":
        return _facts(Deeds("select"), repeatable=True)
    read = _READERS.get(cursor.take().text.upper())
    if read is None:
        return _facts(Deeds(), repeatable=False)
    deeds, repeatable = read(cursor)
    if deeds.cluster:
        deeds = deeds._replace(clause=_clause(Cursor(text)))
    return _facts(deeds, repeatable=repeatable)


def _facts(deeds: Deeds, *, repeatable: bool) -> Facts:
    return Facts(alone=True, repeatable=repeatable, deeds=deeds)


# -- definitions ------------------------------------------------------------------------------------------


def _create(cursor: Cursor) -> Reading:
    replaces = cursor.accept("OR", "REPLACE")
    cursor.first("TEMPORARY", "REFRESHABLE")
    what = cursor.first(*_TABLES, "DATABASE", "INDEX", *_NAMED)
    guarded = cursor.accept("IF", "NOT", "EXISTS")
    again = replaces or guarded
    kind = f"create {what.lower()}".strip()
    if what == "INDEX":
        name = cursor.name()
        cursor.accept("ON")
        database, table = cursor.qualified()
        return Deeds(kind, (Deed("index", database, table, name),), database, table), again
    if what == "DATABASE":
        name = cursor.name()
        return Deeds(kind, (Deed("database", name=name),), cluster=_cluster(cursor)), again
    if what in _NAMED:
        name = cursor.name()
        return Deeds(kind, (Deed(_NAMED[what], name=name),), cluster=_cluster(cursor)), again
    if not what:
        return Deeds(kind), again
    database, table = cursor.qualified()
    fills = _fills(cursor, what)
    deed = Deed("table", database, table)
    made = Deeds(kind, (deed,), database, table, fills=fills, cluster=_cluster(cursor))
    return made, again and not (fills and guarded)


def _fills(cursor: Cursor, what: str) -> bool:
    """Whether rows are written too: CREATE TABLE … AS SELECT, POPULATE."""
    words = [token.text.upper() for depth, token in cursor.rest() if depth == 0 and token.kind != "name"]
    if what == "MATERIALIZED VIEW":
        return "POPULATE" in words
    if what != "TABLE" or "EMPTY" in words:
        return False
    # behind AS stands a SELECT, in brackets or not, or the name of a table to copy the columns of
    return any(
        word == "AS" and words[at + 1 : at + 2] and words[at + 1] in ("SELECT", "WITH", "(")
        for at, word in enumerate(words)
    )


def _drop(cursor: Cursor) -> Reading:
    return _removed(cursor, "drop")


def _detach(cursor: Cursor) -> Reading:
    return _removed(cursor, "detach")


def _removed(cursor: Cursor, verb: str) -> Reading:
    cursor.accept("TEMPORARY")
    what = cursor.first("TABLE", "VIEW", "DICTIONARY", "DATABASE", "INDEX", *_NAMED)
    guarded = cursor.accept("IF", "EXISTS") or cursor.accept("IF", "EMPTY")
    kind = f"{verb} {what.lower()}".strip()
    if what == "INDEX":
        name = cursor.name()
        cursor.accept("ON")
        database, table = cursor.qualified()
        return Deeds(kind, (Deed("index", database, table, name, present=False),), database, table), guarded
    if not what:
        return Deeds(kind), guarded
    found = []
    while True:
        database, name = cursor.qualified()
        if what == "DATABASE":
            found.append(Deed("database", name=name, present=False))
        elif what in _NAMED:
            found.append(Deed(_NAMED[what], name=name, present=False))
        else:
            found.append(Deed("table", database, name, present=False))
        if not cursor.accept(","):
            return Deeds(kind, tuple(found), cluster=_cluster(cursor)), guarded


def _attach(cursor: Cursor) -> Reading:
    what = cursor.first("TABLE", "VIEW", "MATERIALIZED VIEW", "DICTIONARY", "DATABASE")
    again = cursor.accept("IF", "NOT", "EXISTS")
    database, name = cursor.qualified()
    deed = Deed("database", name=name) if what == "DATABASE" else Deed("table", database, name)
    return Deeds(f"attach {what.lower()}", (deed,), cluster=_cluster(cursor)), again


def _undrop(cursor: Cursor) -> Reading:
    cursor.accept("TABLE")
    database, name = cursor.qualified()
    return Deeds("undrop table", (Deed("table", database, name),), cluster=_cluster(cursor)), False


def _rename(cursor: Cursor) -> Reading:
    what = cursor.first("TABLE", "DICTIONARY", "DATABASE") or "TABLE"
    cursor.accept("IF", "EXISTS")
    found = []
    while True:
        database, name = cursor.qualified()
        cursor.accept("TO")
        to_database, to = cursor.qualified()
        if what == "DATABASE":
            found.append(Deed("database", name=name, to=to))
        else:
            found.append(Deed("table", database, name, to=to, to_database=to_database))
        if not cursor.accept(","):
            return Deeds(f"rename {what.lower()}", tuple(found), cluster=_cluster(cursor)), False


def _exchange(cursor: Cursor) -> Reading:
    what = cursor.first("TABLES", "DICTIONARIES")
    database, table = cursor.qualified()
    cluster = _cluster(cursor)
    return Deeds(f"exchange {what.lower()}", (), database, table, swaps=True, cluster=cluster), False


# -- rows -------------------------------------------------------------------------------------------------


def _insert(cursor: Cursor) -> Reading:
    cursor.accept("INTO")
    cursor.accept("TABLE")
    database = table = ""
    if not cursor.accept("FUNCTION"):
        database, table = cursor.qualified()
    words = (token.text.upper() for depth, token in cursor.rest() if depth == 0 and token.kind == "word")
    how = next((word for word in words if word in ("SELECT", "WITH", "VALUES", "FORMAT")), "")
    kind = "insert select" if how in ("SELECT", "WITH", "") else "insert values"
    return Deeds(kind, (), database, table, fills=True), False


def _delete(cursor: Cursor) -> Reading:
    cursor.accept("FROM")
    database, table = cursor.qualified()
    return Deeds("delete", (), database, table, mutates=True, settings=_settings(cursor)), True


def _update(cursor: Cursor) -> Reading:
    database, table = cursor.qualified()
    return Deeds("update", (), database, table, fills=True), False


def _truncate(cursor: Cursor) -> Reading:
    cursor.first("TABLE", "TEMPORARY TABLE", "ALL TABLES FROM", "DATABASE")
    cursor.accept("IF", "EXISTS")
    database, table = cursor.qualified()
    return Deeds("truncate", (), database, table, cluster=_cluster(cursor)), True


def _optimize(cursor: Cursor) -> Reading:
    cursor.accept("TABLE")
    database, table = cursor.qualified()
    return Deeds("optimize", (), database, table, cluster=_cluster(cursor)), True


# -- the rest ---------------------------------------------------------------------------------------------


def _alter(cursor: Cursor) -> Reading:
    if cursor.accept("TABLE"):
        return read_alter(cursor, _cluster, _settings)
    what = cursor.first("DATABASE", *_NAMED)
    return Deeds(f"alter {what.lower()}".strip(), cluster=_cluster(cursor)), True


def _only(kind: str, *, repeatable: bool) -> Callable[[Cursor], Reading]:
    def read(cursor: Cursor) -> Reading:
        return Deeds(kind, cluster=_cluster(cursor)), repeatable

    return read


def _cluster(cursor: Cursor) -> str:
    """The name behind ON CLUSTER; a literal or a name."""
    before = ""
    found = ""
    for depth, token in cursor.rest():
        word = token.text.upper()
        if found == "ON CLUSTER":
            return token.text.strip("'\"`")
        found = "ON CLUSTER" if depth == 0 and before == "ON" and word == "CLUSTER" else ""
        before = word if token.kind == "word" else ""
    return ""


def _clause(cursor: Cursor) -> tuple[int, int]:
    """Where ON CLUSTER and its name begin and end."""
    found = [(token.start, token) for depth, token in cursor.rest() if depth == 0]
    for at in range(len(found) - 2):
        words = [token.text.upper() for _, token in found[at : at + 2] if token.kind == "word"]
        if words == ["ON", "CLUSTER"]:
            start, name = found[at + 2]
            return found[at][0], start + len(name.text)
    return 0, 0


def _settings(cursor: Cursor) -> frozenset[str]:
    """The names in the SETTINGS of a statement."""
    found = [(depth, token.text) for depth, token in cursor.rest()]
    for at, (depth, text) in enumerate(found):
        if (
            depth == 0
            and text.upper() == "SETTINGS"
            and [each for _, each in found[at + 2 : at + 3]] == ["="]
        ):
            behind = [each for _, each in found[at:]]
            return frozenset(name.lower() for name, sign in pairwise(behind) if sign == "=")
    return frozenset()


_READERS: dict[str, Callable[[Cursor], Reading]] = {
    "CREATE": _create,
    "REPLACE": _create,
    "DROP": _drop,
    "DETACH": _detach,
    "ATTACH": _attach,
    "UNDROP": _undrop,
    "RENAME": _rename,
    "EXCHANGE": _exchange,
    "ALTER": _alter,
    "INSERT": _insert,
    "DELETE": _delete,
    "UPDATE": _update,
    "TRUNCATE": _truncate,
    "OPTIMIZE": _optimize,
    "GRANT": _only("grant", repeatable=True),
    "REVOKE": _only("revoke", repeatable=True),
    "SET": _only("set", repeatable=True),
    "USE": _only("use", repeatable=True),
    "SYSTEM": _only("system", repeatable=True),
    "KILL": _only("kill", repeatable=True),
    "CHECK": _only("check", repeatable=True),
    "SELECT": _only("select", repeatable=True),
    "WITH": _only("select", repeatable=True),
    "SHOW": _only("show", repeatable=True),
    "DESCRIBE": _only("describe", repeatable=True),
    "DESC": _only("describe", repeatable=True),
    "EXISTS": _only("exists", repeatable=True),
    "EXPLAIN": _only("explain", repeatable=True),
    "BACKUP": _only("backup", repeatable=False),
    "RESTORE": _only("restore", repeatable=False),
}
"""The first word of a statement to what reads the rest."""
