"""Kinds of indexes: which types each can hold without being told an operator class."""

from __future__ import annotations

from greylag.model.records import NamedTuple
from greylag.schema.prisma.document import Array, Call, Word
from greylag.schema.prisma.rules.natives import NATIVES, native_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.document import Field
    from greylag.schema.prisma.rules.scope import Key, Model, Scope


class _Algorithm(NamedTuple):
    """Prisma's types without and with a native one, and whether a list of anything will do."""

    plain: frozenset[str]
    natives: frozenset[str]
    lists: bool = False


# As Prisma 6.19.3 answered for every type: an extension such as btree_gin lets PostgreSQL hold more.
_ALGORITHMS = {
    "Gist": _Algorithm(frozenset({"String"}), frozenset()),
    "Gin": _Algorithm(frozenset({"Json"}), frozenset({"JsonB"}), lists=True),
    "SpGist": _Algorithm(frozenset({"String"}), frozenset({"Inet", "Text", "VarChar", "Char"})),
    "Brin": _Algorithm(
        frozenset({"BigInt", "Bytes", "DateTime", "Decimal", "Float", "Int", "String"}),
        frozenset(NATIVES) - {"Boolean", "Citext", "Json", "JsonB", "Money", "Xml"},
    ),
}


def check_algorithm(scope: Scope, model: Model, key: Key) -> None:
    """Tell of an index of a kind that cannot hold a field's type, as far as Prisma knows."""
    kind = key.attribute.argument("type")
    algorithm = _ALGORITHMS.get(kind.name) if isinstance(kind, Word) else None
    value = key.attribute.argument("fields", 0)
    if algorithm is None or not isinstance(kind, Word) or not isinstance(value, Array):
        return
    for element in value.values:
        if not isinstance(element, (Word, Call)) or _has_class(element):
            continue
        message = _fault(kind.name, algorithm, model.columns[element.name])
        if message:
            scope.tell_attribute(key.at, message, key.line)


def _has_class(element: Word | Call) -> bool:
    return isinstance(element, Call) and any(argument.name == "ops" for argument in element.arguments)


def _fault(kind: str, algorithm: _Algorithm, field: Field) -> str:
    if field.unsupported is not None or (algorithm.lists and field.arity == "list"):
        return ""
    native = native_of(field)
    if native is None:
        known = field.type in algorithm.plain
        return (
            "" if known else f"The {kind} index type does not support the type of the field `{field.name}`."
        )
    name = native.name.partition(".")[2]
    known = name in algorithm.natives
    return "" if known else f"The {kind} index field type `{name}` has no default operator class."
