"""What a diagram shows, whatever draws it: boxes with rows, lines between them, groups around."""

from __future__ import annotations

import re
from collections import Counter

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from greylag.model.catalog.catalog import Catalog
    from greylag.model.catalog.parts import Column
    from greylag.model.catalog.tables import Constraint, Table

    Grouping = Literal["auto", "schema", "name", "none"]
else:
    Grouping = str

HOMES = ("public", "main", "")
"""Schemas whose name goes without saying."""

_SHORT = (
    (re.compile(r"^timestamp(\(\d+\))? with time zone"), r"timestamptz\1"),
    (re.compile(r"^timestamp(\(\d+\))? without time zone"), r"timestamp\1"),
    (re.compile(r"^time(\(\d+\))? with time zone"), r"timetz\1"),
    (re.compile(r"^time(\(\d+\))? without time zone"), r"time\1"),
    (re.compile(r"^character varying"), "varchar"),
    (re.compile(r"^character\b"), "char"),
    (re.compile(r"^double precision"), "float8"),
)


class Row(NamedTuple):
    """A column of a box. ``type`` is short for people; ``key`` holds PK, FK and UK as they apply."""

    name: str
    type: str
    key: tuple[str, ...]
    required: bool
    comment: str = ""


class Box(NamedTuple):
    """A table. ``name`` is unlike any other's; ``group`` is empty for one that belongs to none."""

    name: str
    rows: tuple[Row, ...]
    group: str = ""
    comment: str = ""


class Line(NamedTuple):
    """A foreign key from ``child`` to ``parent``, with their columns.

    ``one`` is True when a parent has at most one such child (the key is unique), ``optional`` when a child
    may have no parent.
    """

    name: str
    child: str
    parent: str
    columns: tuple[str, ...]
    references: tuple[str, ...]
    one: bool
    optional: bool


class Diagram(NamedTuple):
    """Boxes by name, lines by child and name; ``groups`` in the order of their names."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    groups: tuple[str, ...]


def diagram(catalog: Catalog, *, grouping: Grouping = "auto", only: Iterable[str] | None = None) -> Diagram:
    """Tables with their keys. Partitions and tables of extensions are left out: they are details of others.

    ``only`` names the boxes to show. Groups are schemas where there are several, else what table names have
    in common: ``user_sessions`` and ``user_settings`` are about ``users``.
    """
    tables = [each for each in catalog.tables if each.partition is None and not each.extension]
    if only is not None:
        wanted = set(only)
        tables = [each for each in tables if name_of(each) in wanted]
    shown = {(each.schema, each.name): name_of(each) for each in tables}
    groups = _groups(tables, grouping)
    boxes = tuple(_box(each, groups.get(name_of(each), "")) for each in tables)
    lines = tuple(
        _line(table, key, shown)
        for table in tables
        for key in table.constraints
        if key.references is not None and (key.references.table.schema, key.references.table.name) in shown
    )
    return Diagram(boxes, lines, tuple(sorted({box.group for box in boxes} - {""})))


def name_of(value: object) -> str:
    """A table's name as people and comparison say it: without the schema that goes without saying."""
    schema, name = getattr(value, "schema", ""), str(getattr(value, "name", ""))
    return name if schema in HOMES else f"{schema}.{name}"


def short_type(text: str) -> str:
    """A type as one says it: ``timestamptz(6)``."""
    for pattern, word in _SHORT:
        text = pattern.sub(word, text)
    return text


def _box(table: Table, group: str) -> Box:
    keys: dict[str, list[str]] = {}
    words = {"primary key": "PK", "foreign key": "FK", "unique": "UK"}
    for kind, word in words.items():
        for constraint in table.constraints:
            if constraint.kind == kind and (kind != "unique" or len(constraint.columns) == 1):
                for column in constraint.columns:
                    if word not in keys.setdefault(column, []):
                        keys[column].append(word)
    rows = tuple(_row(column, tuple(keys.get(column.name, ()))) for column in table.columns)
    return Box(name_of(table), rows, group, table.comment)


def _row(column: Column, key: tuple[str, ...]) -> Row:
    return Row(column.name, short_type(column.type.text), key, not column.nullable, column.comment)


def _line(table: Table, key: Constraint, shown: dict[tuple[str, str], str]) -> Line:
    references = key.references
    assert references is not None  # noqa: S101 - the caller has looked
    required = {column.name for column in table.columns if not column.nullable}
    return Line(
        key.name,
        name_of(table),
        shown[references.table.schema, references.table.name],
        key.columns,
        references.columns,
        _is_unique(table, key.columns),
        not set(key.columns) <= required,
    )


def _is_unique(table: Table, columns: tuple[str, ...]) -> bool:
    keys = [set(each.columns) for each in table.constraints if each.kind in ("primary key", "unique")]
    keys += [
        {key.column for key in each.keys}
        for each in table.indexes
        if each.unique and not each.predicate and all(key.column for key in each.keys)
    ]
    return any(key and key <= set(columns) for key in keys)


def _groups(tables: list[Table], grouping: Grouping) -> dict[str, str]:
    schemas = {each.schema for each in tables}
    if grouping == "none":
        return {}
    if grouping == "schema" or (grouping == "auto" and len(schemas) > 1):
        return {name_of(each): each.schema for each in tables}
    return _named_alike(tables)


def _named_alike(tables: list[Table]) -> dict[str, str]:
    """Groups of two and more by the first word of the name; a table alone goes with the one it refers to."""
    words = {name_of(each): _first_word(each.name) for each in tables}
    counts = Counter(words.values())
    groups = {name: word for name, word in words.items() if counts[word] > 1}
    for table in tables:
        name = name_of(table)
        if name in groups:
            continue
        parents = {
            groups.get(each.references.table.name, "") for each in table.constraints if each.references
        } - {""}
        if len(parents) == 1:
            groups[name] = parents.pop()
    return groups


def _first_word(name: str) -> str:
    word = re.split(r"[_\-\s]|(?<=[a-z0-9])(?=[A-Z])", name.lstrip("_"), maxsplit=1)[0].lower()
    if len(word) > 3 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word
