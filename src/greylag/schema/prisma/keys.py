"""Primary keys, unique constraints and indexes as attributes."""

from __future__ import annotations

from greylag.schema.prisma.names import index_name, primary_key_name, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.matching import Matching
    from greylag.schema.prisma.picture import SeenColumn, SeenIndex, SeenKey, SeenTable
    from greylag.schema.prisma.previous import OldModel

_COMPARED = (
    "date", "float4", "float8", "inet", "int2", "int4", "int8", "numeric", "oid", "time", "timestamp",
    "timestamptz", "timetz", "uuid",
)  # fmt: skip
OPERATOR_CLASSES = frozenset(
    (
        *("array_ops", "jsonb_ops", "jsonb_path_ops", "text_ops", "inet_ops", "inet_inclusion_ops"),
        *(f"{type_name}_minmax_multi_ops" for type_name in _COMPARED),
        *(f"{type_name}_bloom_ops" for type_name in (*_COMPARED, "bpchar", "bytea", "text")),
        *(f"{name}_minmax_ops" for name in (*_COMPARED, "bit", "bpchar", "bytea", "text", "varbit")),
    )
)
"""Operator classes that Prisma has a name for; others are written as ``raw("…")``."""

_WORDS = {"minmax": "MinMax", "timestamptz": "TimestampTz", "timetz": "TimeTz", "varbit": "VarBit"}


class FieldKeys:
    """What the keys of one column say in its field, by column: ``@id``, ``@unique``."""

    def __init__(self, table: SeenTable) -> None:
        self.ids: dict[str, str] = {}
        self.uniques: dict[str, str] = {}
        for index in table.indexes:
            if index.kind == "plain" or len(index.keys) != 1:
                continue
            column = index.columns[0]
            if index.kind == "primary":
                self.ids.setdefault(column, _field_id(table, index))
            else:
                self.uniques.setdefault(column, _field_unique(table, index))


def block_id(matching: Matching, table: SeenTable, old: OldModel | None) -> str:
    """``@@id([…])`` of a primary key over several columns; empty without one."""
    index = table.primary_key
    if index is None or len(index.keys) == 1:
        return ""
    arguments = [f"[{', '.join(_field(matching, key, old) for key in index.keys)}]"]
    name = id_name(table, old)
    if name is not None:
        arguments.append(f"name: {quoted(name)}")
    if index.name != primary_key_name(table.name):
        arguments.append(f"map: {quoted(index.name)}")
    return f"@@id({', '.join(arguments)})"


def id_name(table: SeenTable, old: OldModel | None) -> str | None:
    """The client's name of a key over several columns, which only an old file can know."""
    index = table.primary_key
    if index is None or len(index.keys) == 1 or old is None or old.key is None:
        return None
    return old.key.name


def block_indexes(matching: Matching, table: SeenTable, old: OldModel | None) -> list[str]:
    """``@@unique``s and then ``@@index``es, each in the old file's order, new ones by name."""
    lines: list[tuple[bool, int, str]] = []
    last = len(table.indexes) + len(old.indexes if old is not None else ())
    for index in table.indexes:
        unique = index.kind == "unique"
        if index.kind == "primary" or (unique and len(index.keys) == 1):
            continue
        before = old.index_for(index.name) if old is not None else None
        arguments = [f"[{', '.join(_field(matching, key, old) for key in index.keys)}]"]
        if before is not None and before.name is not None:
            arguments.append(f"name: {quoted(before.name)}")
        if index.name != index_name(table.name, index.columns, unique=unique):
            arguments.append(f"map: {quoted(index.name)}")
        if index.method:
            arguments.append(f"type: {index.method}")
        place = last if before is None else before.place
        lines.append((not unique, place, f"@@{'unique' if unique else 'index'}({', '.join(arguments)})"))
    lines.sort(key=lambda line: line[:2])
    return [line for _, _, line in lines]


def unique_attribute(fields: tuple[str, ...], name: str | None, mapped: str | None) -> str:
    """``@@unique`` as an old file has it."""
    arguments = [f"[{', '.join(fields)}]"]
    if name is not None:
        arguments.append(f"name: {quoted(name)}")
    if mapped is not None:
        arguments.append(f"map: {quoted(mapped)}")
    return f"@@unique({', '.join(arguments)})"


def field_name(matching: Matching, column: SeenColumn, old: OldModel | None) -> str:
    """A column's field as keys name it: its own name where the field is commented out."""
    return matching.column_name(column, old)[0] or column.name


def _field(matching: Matching, key: SeenKey, old: OldModel | None) -> str:
    name = field_name(matching, key.column, old)
    arguments = []
    if key.opclass:
        arguments.append(f"ops: {operator_class(key.opclass)}")
    if key.descending:
        arguments.append("sort: Desc")
    return f"{name}({', '.join(arguments)})" if arguments else name


def operator_class(name: str) -> str:
    """An operator class as ``ops:`` names it."""
    if name not in OPERATOR_CLASSES:
        return f"raw({quoted(name)})"
    return "".join(_WORDS.get(word) or word.capitalize() for word in name.split("_"))


def _field_id(table: SeenTable, index: SeenIndex) -> str:
    return "@id" if index.name == primary_key_name(table.name) else f"@id(map: {quoted(index.name)})"


def _field_unique(table: SeenTable, index: SeenIndex) -> str:
    arguments = []
    if index.name != index_name(table.name, index.columns, unique=True):
        arguments.append(f"map: {quoted(index.name)}")
    if index.keys[0].descending:
        arguments.append("sort: Desc")
    return f"@unique({', '.join(arguments)})" if arguments else "@unique"
