"""One difference between two schemas."""

from __future__ import annotations

from greylag.model.records import NamedTuple


class Change(NamedTuple):
    """An object that is there on one side alone, or one property of an object that differs.

    ``kind`` is the kind of the object in SQL's words (``table``, ``column``, ``index``). ``name`` leaves out
    the schema ``public`` and holds the table for what hangs on it, ``users.bio``; an index has its own name
    alone. ``table`` is the table or view the object belongs to or is, empty for others. ``what`` is
    ``missing`` (there before, not after), ``extra``, or the property. ``before`` and ``after`` are readable
    text; for a whole object what it is like.
    """

    kind: str
    name: str
    what: str
    before: str = ""
    after: str = ""
    table: str = ""
