"""What differs between two schema.prisma: models, fields, enums and their attributes, one by one.

Blocks, fields and values belong together by the name in the database, so that a new name in Prisma is one
difference and not two. Order, white space, plain comments and connection strings are no differences.
"""

from __future__ import annotations

from functools import partial

from greylag.model.change import Change
from greylag.schema.prisma.document import Array, Call, Field, Word
from greylag.schema.prisma.layout import write_attributes, write_type, write_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeVar

    from greylag.schema.prisma.document import Attribute, Block, Document, EnumValue, Kind

    Piece = TypeVar("Piece")
    Key = tuple[object, ...]

_MODELS: tuple[Kind, ...] = ("model", "view", "type")
_SECRET = frozenset({"url", "directUrl", "shadowDatabaseUrl"})
_NAMING = frozenset({"map"})
"""Attributes that say the name in the database: by it two things belong together."""
_KEYS = ("id", "unique", "index", "fulltext")


def differences(before: Document, after: Document) -> list[Change]:
    """The differences in the order of the first file, what only the second one has at its place there."""
    models = frozenset(block.name for block in (*before.of(*_MODELS), *after.of(*_MODELS)))
    return [
        *_settings(before, after),
        *_blocks(before, after, _MODELS, partial(_model, models=models)),
        *_blocks(before, after, ("enum",), _enum),
    ]


def _settings(before: Document, after: Document) -> Iterator[Change]:
    """Of the datasource and the generators; where a database is, is its own matter."""
    kinds: tuple[Kind, ...] = ("datasource", "generator")
    for kind in kinds:
        pairs = _paired(before.of(kind), after.of(kind), lambda block: (block.name,))
        for old, new in pairs:
            if old is None or new is None:
                yield _whole(kind, old, new, _head)
                continue
            of_old, of_new = _properties(old), _properties(new)
            for key in dict.fromkeys((*of_old, *of_new)):
                if of_old.get(key, "") != of_new.get(key, ""):
                    yield Change(kind, old.name, key, of_old.get(key, ""), of_new.get(key, ""))


def _properties(block: Block) -> dict[str, str]:
    return {
        each.key: write_value(each.value)
        for each in block.properties
        if each.value is not None and each.key not in _SECRET
    }


def _blocks(
    before: Document,
    after: Document,
    kinds: tuple[Kind, ...],
    inside: Callable[[Block, Block], Iterator[Change]],
) -> Iterator[Change]:
    pairs = _paired(before.of(*kinds), after.of(*kinds), _place)
    for old, new in pairs:
        if old is None or new is None:
            yield _whole((old or new).kind, old, new, _head)  # type: ignore[union-attr]
            continue
        for what, one, other in (
            ("kind", old.kind, new.kind),
            ("name", old.name, new.name),
            ("documentation", "\n".join(old.docs), "\n".join(new.docs)),
        ):
            if one != other:
                kind = "enum" if old.kind == "enum" else "model"
                yield Change(kind, old.name, what, one, other, old.name)
        yield from inside(old, new)


def _model(old: Block, new: Block, models: frozenset[str]) -> Iterator[Change]:
    # a field of a model's type is no column, and may be called as a column is called in the database
    for one, other in _paired(old.fields, new.fields, lambda field: (field.type in models, field.mapped)):
        yield from _field(old, one, other)
    yield from _attributes(old, new)


def _field(block: Block, old: Field | None, new: Field | None) -> Iterator[Change]:
    if old is None or new is None:
        yield _whole("field", old, new, _line, block.name)
        return
    name = f"{block.name}.{old.name}"
    for what, one, other in (
        ("name", old.name, new.name),
        ("type", write_type(old), write_type(new)),
        *_marks(old.attributes, new.attributes),
        ("documentation", "\n".join(old.docs), "\n".join(new.docs)),
    ):
        if one != other:
            yield Change("field", name, what, one, other, block.name)


def _marks(old: Iterable[Attribute], new: Iterable[Attribute]) -> Iterator[tuple[str, str, str]]:
    """Attributes by name; all native types go by one, since a field has but one of them."""
    olds, news = _spelled(old), _spelled(new)
    for name in dict.fromkeys((*olds, *news)):
        yield name, olds.get(name, ""), news.get(name, "")


def _spelled(attributes: Iterable[Attribute]) -> dict[str, str]:
    return {
        "native type" if "." in each.name else f"@{each.name}": write_attributes((each,))
        for each in attributes
        if each.name not in _NAMING
    }


def _attributes(old: Block, new: Block) -> Iterator[Change]:
    """``@@`` attributes: keys and indexes by their fields, others by name."""
    pairs = _paired(
        [each for each in old.attributes if each.name not in _NAMING],
        [each for each in new.attributes if each.name not in _NAMING],
        _purpose,
    )
    for one, other in pairs:
        was, now = (f"@{write_attributes((each,))}" if each else "" for each in (one, other))
        if was == now:
            continue
        either = one or other
        fields = ", ".join(either.names("fields", 0)) if either and either.name in _KEYS else ""
        name = f"{old.name}.[{fields}]" if fields else old.name
        kind = f"@@{either.name}" if either else ""
        if fields and (one is None or other is None):
            yield Change(kind, name, "extra" if one is None else "missing", was, now, old.name)
        else:
            yield Change(
                kind if fields else "model", name, "definition" if fields else kind, was, now, old.name
            )


def _purpose(attribute: Attribute) -> Key:
    if attribute.name not in _KEYS:
        return (attribute.name,)
    found = attribute.argument("fields", 0)
    values = found.values if isinstance(found, Array) else ()
    return attribute.name, tuple(each.name for each in values if isinstance(each, (Word, Call)))


def _enum(old: Block, new: Block) -> Iterator[Change]:
    for one, other in _paired(old.values, new.values, lambda value: (value.mapped,)):
        if one is None or other is None:
            yield _whole("value", one, other, _line, old.name)
            continue
        for what, a, b in (
            ("name", one.name, other.name),
            *_marks(one.attributes, other.attributes),
            ("documentation", "\n".join(one.docs), "\n".join(other.docs)),
        ):
            if a != b:
                yield Change("value", f"{old.name}.{one.name}", what, a, b, old.name)
    orders = [[each.mapped for each in block.values] for block in (old, new)]
    if sorted(orders[0]) == sorted(orders[1]) and orders[0] != orders[1]:
        yield Change("enum", old.name, "order", ", ".join(orders[0]), ", ".join(orders[1]), old.name)


def _whole(
    kind: str,
    old: Piece | None,
    new: Piece | None,
    show: Callable[[Piece], str],
    owner: str = "",
) -> Change:
    either = old if old is not None else new
    assert either is not None  # noqa: S101 - a pair has one side at least
    name: str = either.name  # type: ignore[attr-defined]
    table = owner or (name if kind in (*_MODELS, "enum") else "")
    full = f"{owner}.{name}" if owner else name
    if new is None:
        return Change(kind, full, "missing", before=show(either), table=table)
    return Change(kind, full, "extra", after=show(either), table=table)


def _place(block: Block) -> Key:
    schema = block.attribute("schema")
    return (schema.text("name", 0) if schema else None), block.mapped


def _head(block: Block) -> str:
    """What a block is like, in a few words."""
    count = len(block.fields) or len(block.values)
    of = "" if block.mapped == block.name else f"{block.mapped}, "
    noun = "value" if block.kind == "enum" else "field"
    return f"{of}{count} {noun}{'' if count == 1 else 's'}" if count else ""


def _line(member: Field | EnumValue) -> str:
    kind = write_type(member) if isinstance(member, Field) else ""
    return f"{kind} {write_attributes(member.attributes)}".strip()


def _paired(
    olds: Iterable[Piece], news: Iterable[Piece], key: Callable[[Piece], Key]
) -> Iterator[tuple[Piece | None, Piece | None]]:
    """What belongs together by its key, several of one key in their order; the rest stands alone."""
    waiting: dict[Key, list[Piece]] = {}
    for each in news:
        waiting.setdefault(key(each), []).append(each)
    for each in olds:
        same = waiting.get(key(each))
        yield each, same.pop(0) if same else None
    for left in waiting.values():
        for each in left:
            yield None, each
