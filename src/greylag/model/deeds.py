"""What the text of a ClickHouse statement does, as far as the server's system tables can show it later."""

from __future__ import annotations

from greylag.model.records import NamedTuple


class Deed(NamedTuple):
    """One thing that stands in a system table, or is gone from it, once the statement took effect.

    ``kind`` is ``table`` (views and dictionaries are tables too), ``database``, ``column``, ``index``,
    ``projection``, ``constraint``, or a kind of access object (``user``, ``role``, ``function``, …) that has
    only a ``name``. ``database`` is empty where the text leaves it to the connection. With ``to`` the thing
    gets that name; a table may then get another database, ``to_database``.
    """

    kind: str
    database: str = ""
    table: str = ""
    name: str = ""
    present: bool = True
    to: str = ""
    to_database: str = ""


class Deeds(NamedTuple):
    """A statement, read. A text that cannot be read has the defaults.

    ``kind`` is its first words (``create table``, ``alter table``, ``insert select``). ``database`` and
    ``table`` name what it changes the rows or parts of. ``retyped`` are columns whose type may change.
    ``mutates``: it may rewrite parts. ``fills``: it writes rows besides what system tables show. ``swaps``:
    it exchanges two tables, the first being ``table``. ``settings`` are the names in its SETTINGS, in small
    letters. ``cluster`` is the name behind ON CLUSTER, ``clause`` where in the text that begins and
    ends.
    """

    kind: str = ""
    deeds: tuple[Deed, ...] = ()
    database: str = ""
    table: str = ""
    retyped: tuple[str, ...] = ()
    mutates: bool = False
    fills: bool = False
    swaps: bool = False
    settings: frozenset[str] = frozenset()
    cluster: str = ""
    clause: tuple[int, int] = (0, 0)
