"""Attributes and their arguments: which there are, once each, and what they must be given."""

from __future__ import annotations

from greylag.model.records import NamedTuple
from greylag.schema.prisma.document import Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from greylag.schema.prisma.document import Argument, Attribute
    from greylag.schema.prisma.rules.scope import Scope


class Signature(NamedTuple):
    """What an attribute takes: the argument that needs no name, whether it must be there, and the others."""

    default: str = ""
    required: bool = False
    named: tuple[str, ...] = ()


_LAST_COMMA = "Trailing commas are not valid in attribute arguments, please remove the comma."
_KEY = ("map", "length", "sort", "clustered")
FIELD: dict[str, Signature] = {
    "map": Signature("name", required=True),
    "ignore": Signature(),
    "id": Signature(named=_KEY),
    "updatedAt": Signature(),
    "default": Signature("value", required=True, named=("map",)),
    "unique": Signature(named=_KEY),
}
"""Attributes of a column, in the order Prisma looks at them."""

RELATION: dict[str, Signature] = {
    "relation": Signature("name", named=("fields", "references", "onDelete", "onUpdate", "map")),
    "ignore": Signature(),
}
"""Attributes of a relation field."""

MODEL: dict[str, Signature] = {
    "ignore": Signature(),
    "id": Signature("fields", required=True, named=("map", "name", "clustered")),
    "map": Signature("name", required=True),
    "schema": Signature("map", required=True),
    "index": Signature("fields", required=True, named=("name", "map", "type", "clustered")),
    "unique": Signature("fields", required=True, named=("name", "map", "clustered")),
    "fulltext": Signature("fields", required=True, named=("map",)),
    "shardKey": Signature("fields", required=True),
}
"""Attributes of a model."""

ENUM: dict[str, Signature] = {
    "map": Signature("name", required=True),
    "schema": Signature("map", required=True),
}
"""Attributes of an enum."""

VALUE: dict[str, Signature] = {"map": Signature("name", required=True)}
"""Attributes of an enum's value."""

REPEATED = frozenset({"index", "unique", "fulltext"})
"""Attributes of a model that may stand there several times."""


def check_arguments(scope: Scope, attribute: Attribute, signature: Signature, line: int) -> bool:
    """Tell of arguments that are missing, unknown or given twice; True if the needed one is there."""
    seen: set[str] = set()
    is_given = False
    if _has_last_comma(attribute.arguments or ()):
        scope.tell_attribute(f"@{attribute.name}", _LAST_COMMA, line)
    for argument in filter(any, attribute.arguments or ()):
        name = argument.name or ("" if is_given else signature.default)
        if not name or (argument.name and name != signature.default and name not in signature.named):
            scope.tell("No such argument.", line)
        elif name in seen:
            unnamed = any(not each.name for each in attribute.arguments or ())
            is_default = unnamed and name == signature.default
            way = "specified as unnamed argument" if is_default else "specified"
            scope.tell(f'Argument "{name}" is already {way}.', line)
        elif argument.value is None:
            text = f"The `{name}` argument is missing a value."
            scope.tell_attribute(f"@{attribute.name}", text, line)
        is_given = is_given or name == signature.default
        seen.add(name)
    if signature.required and not is_given:
        scope.tell(f'Argument "{signature.default}" is missing.', line)
    return is_given or not signature.required


def _has_last_comma(arguments: Iterable[Argument]) -> bool:
    return any(
        not any(argument) or (isinstance(argument.value, Call) and _has_last_comma(argument.value.arguments))
        for argument in arguments
    )


def check_known(
    scope: Scope, attributes: Iterable[Attribute], known: Iterable[str], line: int = 0, prefix: str = ""
) -> None:
    """Tell of attributes there are not; those with the ``prefix`` are native types."""
    names = frozenset(known)
    for attribute in reversed(list(attributes)):
        is_native = prefix and "." in attribute.name
        if attribute.name not in names and not is_native:
            scope.tell(f'Attribute not known: "@{attribute.name}".', line or attribute.line)


def repeated(attributes: tuple[Attribute, ...], line: int, scope: Scope) -> frozenset[str]:
    """Tell of attributes that stand there twice and may not; their names."""
    heads = [attribute.name.split(".", 1)[0] for attribute in attributes]
    if len(heads) == len(set(heads)):
        return frozenset()
    found = set()
    natives = sum("." in attribute.name for attribute in attributes)
    for attribute, head in zip(attributes, heads, strict=True):
        if heads.count(head) > 1 and not (line == 0 and head in REPEATED):
            # Of native types Prisma tells once.
            if "." in attribute.name and head in found and natives > 1:
                continue
            scope.tell(f'Attribute "@{head}" can only be defined once.', line or attribute.line)
            found.add(head)
    return frozenset(found)
