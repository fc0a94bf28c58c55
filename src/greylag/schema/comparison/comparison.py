"""The road: two Catalogs in, the list of differences out."""

from __future__ import annotations

from greylag.errors import UsageError
from greylag.model.catalog.objects import Composite, Dictionary, Other, Routine, Schema, Sequence, View
from greylag.model.catalog.parts import Column, Name
from greylag.model.catalog.tables import Constraint, Index, Table
from greylag.model.change import Change
from greylag.schema.comparison.expressions import settled, settled_default
from greylag.schema.comparison.shapes import SHAPES
from greylag.schema.comparison.telling import dotted, told, told_column, told_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from greylag.model.catalog.catalog import Catalog

_KINDS = (
    *("schemas", "extensions", "enums", "domains", "composites", "sequences", "tables", "views", "routines"),
    *("dictionaries", "others"),
)
_HOMES = {"postgres": "public", "sqlite": "main"}
_EXPRESSIONS = frozenset({"definition", "expression", "predicate", "using", "check", "condition"})


def compare(before: Catalog, after: Catalog, *, positions: bool = False) -> list[Change]:
    """What differs, in the order of the Catalog's kinds and names; empty for two that are alike.

    A database of ClickHouse is compared with another whatever the two are called. With ``positions`` a
    sequence that went back is a difference too. Raises UsageError for catalogs of two engines.
    """
    if before.engine != after.engine:
        raise UsageError(
            f"a schema of {before.engine} and one of {after.engine} cannot be compared",
            hint="name two sides of one engine",
        )
    comparison = _Comparison(_Side(before), _Side(after), positions=positions)
    return [change for kind in _KINDS for change in comparison.kinds(kind)]


class _Side:
    """One of the two, and the schema whose name goes without saying there."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.renames = catalog.engine == "clickhouse"
        self.home = _HOMES.get(catalog.engine, "")
        if self.renames:
            named = {each.schema for each in catalog.tables} | {each.schema for each in catalog.views}
            named |= {each.schema for each in catalog.dictionaries}
            named = named or {each.name for each in catalog.schemas}
            self.home = named.pop() if len(named) == 1 else ""

    def name(self, value: Name) -> Name:
        """The name as it is matched: a ClickHouse database of another name is the same place."""
        return value._replace(schema="") if self.renames and value.schema == self.home else value

    def shown(self, value: Name) -> str:
        return value.name if value.schema == self.home else dotted(value)

    def text(self, value: Any) -> str:
        text = told(value)
        if self.renames and self.home and self.home in text:
            text = text.replace(f"`{self.home}`.", "").replace(f"{self.home}.", "")
        return text


class _Comparison:
    def __init__(self, before: _Side, after: _Side, *, positions: bool) -> None:
        self.before = before
        self.after = after
        self.positions = positions

    def kinds(self, kind: str) -> Iterator[Change]:
        olds = {self._identity(each, self.before): each for each in getattr(self.before.catalog, kind)}
        news = {self._identity(each, self.after): each for each in getattr(self.after.catalog, kind)}
        for key in _merged(olds, news):
            old, new = olds.get(key), news.get(key)
            if old == new or _is_foreign(old, new):
                continue
            if old is None or new is None:
                yield from self._lone(old, new)
            else:
                yield from self._object(old, new)

    def _identity(self, value: Any, side: _Side) -> tuple[Any, ...]:
        if isinstance(value, Sequence) and value.internal and value.owned_by:
            return ("", side.name(value.owned_by[0]), value.owned_by[1])
        if isinstance(value, Schema):
            return ("" if side.renames and value.name == side.home else value.name,)
        if isinstance(value, Other):
            return (value.kind, *side.name(Name(value.schema, value.name)))
        if isinstance(value, Routine):
            return (*side.name(Name(value.schema, value.name)), value.arguments)
        schema = getattr(value, "schema", None)
        if schema is None or SHAPES[type(value)].identity == ("name",):
            return (value.name,)
        return tuple(side.name(Name(schema, value.name)))

    def _lone(self, old: Any, new: Any) -> Iterator[Change]:
        value, side = (new, self.after) if old is None else (old, self.before)
        if isinstance(value, Sequence) and value.internal:
            return  # the column it belongs to says so
        what = "extra" if old is None else "missing"
        text = side.text(_gist(value))
        yield Change(
            _kind(value),
            _title(value, side),
            what,
            "" if old is None else text,
            text if old is None else "",
            side.shown(Name(value.schema, value.name)) if isinstance(value, (Table, View)) else "",
        )

    def _object(self, old: Any, new: Any) -> Iterator[Change]:
        title, kind = _title(old, self.before), _kind(old)
        table = title if isinstance(old, (Table, View)) else ""
        if isinstance(old, Sequence):
            yield from self._sequence(old, new, kind, title)
            return
        yield from self._properties(old, new, kind, title, table)
        if isinstance(old, Composite):
            yield from self._differ(kind, title, "attributes", _attributes(old), _attributes(new))
        elif isinstance(old, Dictionary):
            yield from self._columns(old.attributes, new.attributes, title, "")
        elif isinstance(old, Table):
            yield from self._partition(old, new, title)
            yield from self._columns(old.columns, new.columns, title, title)
        elif isinstance(old, View):
            whole = old.definition == new.definition
            yield from self._columns(old.columns, new.columns, title, title, only_common=not whole)
        for part in SHAPES[type(old)].parts:
            yield from self._parts(getattr(old, part), getattr(new, part), title, table)

    def _properties(self, old: Any, new: Any, kind: str, title: str, table: str) -> Iterator[Change]:
        shape = SHAPES[type(old)]
        within: frozenset[str] = frozenset()
        for field, word in shape.words.items():
            one, other = getattr(old, field), getattr(new, field)
            if one == other or field in within:
                continue
            before, after = self._texts(field, one, other, old, new)
            if before == after:
                continue
            if field == shape.whole:
                within = shape.within
            if field == "nullable":
                before, after = told(not one), told(not other)
            yield Change(kind, title, word, before, after, table)
            if field == "owner" and old.grants is None and new.grants is None:
                # privileges nobody touched are the owner's, and go with it
                yield Change(kind, title, "privileges", f"{before}: all", f"{after}: all", table)

    def _texts(self, field: str, one: Any, other: Any, old: Any, new: Any) -> tuple[str, str]:
        before, after = self.before.text(one), self.after.text(other)
        if one is None or other is None or self.before.catalog.engine != "postgres":
            return before, after
        if field == "default" and old.type.text == new.type.text:
            family = old.type.text
            if settled_default(before, family) == settled_default(after, family):
                return before, before
        if field in _EXPRESSIONS and settled(before) == settled(after):
            return before, before
        return before, after

    def _differ(
        self, kind: str, title: str, what: str, one: Any, other: Any, table: str = ""
    ) -> Iterator[Change]:
        before, after = self.before.text(one), self.after.text(other)
        if before != after:
            yield Change(kind, title, what, before, after, table)

    def _sequence(self, old: Sequence, new: Sequence, kind: str, title: str) -> Iterator[Change]:
        prefix = ""
        if old.internal and old.owned_by:
            kind, title = "column", f"{self.before.shown(old.owned_by[0])}.{old.owned_by[1]}"
            prefix = "sequence "
            options, others = told_options(old), told_options(new)
            if options != others:
                yield Change(kind, title, "identity options", options, others, _head(title))
        else:
            # who owns the table owns its sequence
            alike = new._replace(owner=old.owner) if old.owned_by and new.owned_by else new
            yield from self._properties(old, alike, kind, title, "")
        if self.positions and _went_back(old, new):
            yield from self._differ(
                kind, title, f"{prefix}position", old.position, new.position, _head(title) if prefix else ""
            )

    def _partition(self, old: Table, new: Table, title: str) -> Iterator[Change]:
        one, other = old.partition, new.partition
        if one and other and self.before.name(one.of) == self.after.name(other.of):
            yield from self._differ("table", title, "partition bound", one.bound, other.bound, title)
        elif one != other:
            yield Change(
                "table",
                title,
                "parents",
                f"{self.before.shown(one.of)} {one.bound}" if one else "",
                f"{self.after.shown(other.of)} {other.bound}" if other else "",
                title,
            )

    def _columns(
        self,
        olds: Iterable[Column],
        news: Iterable[Column],
        title: str,
        table: str,
        *,
        only_common: bool = False,
    ) -> Iterator[Change]:
        before, after = _placed(olds), _placed(news)
        for name in _in_order(before, after):
            old, new = before.get(name), after.get(name)
            shown = f"{title}.{name}"
            if old is None or new is None:
                if not only_common:
                    yield from self._lone_part(old and old[1], new and new[1], "column", shown, table)
                continue
            if old[0] != new[0] and not only_common:
                yield Change("column", shown, "position", str(old[0]), str(new[0]), table)
            if old[1] != new[1]:
                yield from self._properties(old[1], new[1], "column", shown, table)

    def _parts(self, olds: Iterable[Any], news: Iterable[Any], title: str, table: str) -> Iterator[Change]:
        before, after = {each.name: each for each in olds}, {each.name: each for each in news}
        for name in _merged(before, after):
            old, new = before.get(name), after.get(name)
            if old == new:
                continue
            either = old or new
            kind = _kind(either)
            alone = isinstance(either, Index) and self.before.catalog.engine != "clickhouse"
            shown = name if alone else f"{title}.{name}"
            if old is None or new is None:
                yield from self._lone_part(old, new, kind, shown, table)
            else:
                yield from self._properties(old, new, kind, shown, table)
                if isinstance(old, Index):
                    yield from self._keys(old, new, shown, table)

    def _keys(self, old: Index, new: Index, shown: str, table: str) -> Iterator[Change]:
        if old.keys == new.keys:
            return
        if (old.definition and new.definition) and old.definition != new.definition:
            return  # told already, key by key
        one = [each._replace(statistics=-1) for each in old.keys]
        other = [each._replace(statistics=-1) for each in new.keys]
        if one != other:
            yield Change("index", shown, "keys", told(old.keys), told(new.keys), table)
        else:
            targets = [", ".join(str(each.statistics) for each in index.keys) for index in (old, new)]
            yield Change("index", shown, "statistics target", targets[0], targets[1], table)

    def _lone_part(self, old: Any, new: Any, kind: str, shown: str, table: str) -> Iterator[Change]:
        if old is None:
            yield Change(kind, shown, "extra", "", self.after.text(_gist(new)), table)
        else:
            yield Change(kind, shown, "missing", self.before.text(_gist(old)), "", table)


def _merged(olds: Iterable[Any], news: Iterable[Any]) -> list[Any]:
    return sorted({*olds, *news}, key=lambda key: str(key).encode("utf-8", "surrogateescape"))


def _in_order(before: Iterable[str], after: Iterable[str]) -> list[str]:
    known = list(before)
    return known + [name for name in after if name not in set(known)]


def _placed(columns: Iterable[Column]) -> dict[str, tuple[int, Column]]:
    return {column.name: (place, column) for place, column in enumerate(columns, 1)}


def _is_foreign(old: Any, new: Any) -> bool:
    """Whether an extension made the table: it is the extension that differs, or does not."""
    return all(each is None or getattr(each, "extension", "") for each in (old, new))


def _kind(value: Any) -> str:
    if isinstance(value, Other):
        return value.kind
    if isinstance(value, View):
        return "materialized view" if value.kind == "materialized" else "view"
    if isinstance(value, Routine):
        return value.kind if value.kind != "window" else "function"
    return SHAPES[type(value)].kind


def _title(value: Any, side: _Side) -> str:
    schema = getattr(value, "schema", None)
    if schema is None or SHAPES[type(value)].identity == ("name",):
        return str(value.name)
    name = side.shown(Name(schema, value.name))
    return f"{name}({value.arguments})" if isinstance(value, Routine) else name


def _gist(value: Any) -> str:
    """A whole object in a few words."""
    if isinstance(value, Column):
        return told_column(value)
    if isinstance(value, (Table, View, Dictionary)):
        columns = value.attributes if isinstance(value, Dictionary) else value.columns
        return f"({', '.join(column.name for column in columns)})"
    if isinstance(value, Constraint):
        return value.definition or f"{value.kind} ({', '.join(value.columns)}) {value.expression}".rstrip()
    if isinstance(value, Index):
        return value.definition or f"{value.method} ({told(value.keys)})"
    if isinstance(value, Composite):
        return _attributes(value)
    if isinstance(value, Sequence):
        return told_options(value)
    for field in ("definition", "values", "query", "using", "version", "type"):
        if text := told(getattr(value, field, "")):
            return text
    return ""


def _attributes(value: Composite) -> str:
    return ", ".join(f"{each.name} {told_column(each)}" for each in value.attributes)


def _went_back(old: Sequence, new: Sequence) -> bool:
    if old.position is None:
        return False
    if new.position is None:
        return True
    return new.position < old.position if old.increment > 0 else new.position > old.position


def _head(title: str) -> str:
    return title.rpartition(".")[0]
