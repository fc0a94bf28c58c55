"""Attributes of columns, models and enums, each looked at by itself."""

from __future__ import annotations

import re

from greylag.schema.prisma.document import Array, Call, Word
from greylag.schema.prisma.rules.arguments import (
    ENUM,
    FIELD,
    MODEL,
    REPEATED,
    VALUE,
    check_arguments,
    check_known,
    repeated,
)
from greylag.schema.prisma.rules.defaults import check_default
from greylag.schema.prisma.rules.scope import SCALARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from greylag.schema.prisma.document import Argument, Attribute, Block, Field
    from greylag.schema.prisma.rules.scope import Model, Scope

_ALGORITHMS = frozenset({"BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"})
_ORDERS = frozenset({"Asc", "Desc"})
_CLIENT_NAME = re.compile(r"[A-Za-z0-9_]*")
_EMPTY_MAP = "The `map` argument cannot be an empty string."


def _tell(scope: Scope, model: Model, message: str, line: int = 0) -> None:
    """Note a problem with a model's attribute; Prisma calls it a model here even where it is a view."""
    last = 0 if line else scope.last_line(model.block)
    scope.tell(f'Error validating model "{model.name}": {message}', line or model.block.line, last)


def check_columns(scope: Scope, model: Model) -> None:
    """Tell what is wrong with the attributes of a model's columns."""
    taken: dict[str, str] = {}
    has_id = False
    for field in model.every_column:
        if not field.attributes:
            continue
        skipped = repeated(field.attributes, field.line, scope)
        for name, signature in FIELD.items():
            attribute = None if name in skipped else field.attribute(name)
            if attribute is None:
                continue
            if name == "id" and has_id:
                text = "At most one field must be marked as the id field with the `@id` attribute."
                _tell(scope, model, text)
                for _ in attribute.arguments or ():
                    scope.tell("No such argument.", field.line)
                continue
            has_id = has_id or name == "id"
            if check_arguments(scope, attribute, signature, field.line):
                _check_attribute(scope, model, field, attribute, taken)
        if "relation" not in skipped and (relation := field.attribute("relation")):
            scope.tell_attribute("@relation", "Invalid field type, not a relation.", field.line)
            for _ in relation.arguments or ():
                scope.tell("No such argument.", field.line)
        prefix = "native" if field.type in SCALARS else ""
        check_known(scope, field.attributes, (*FIELD, "relation", *skipped), field.line, prefix)


def _check_attribute(
    scope: Scope, model: Model, field: Field, attribute: Attribute, taken: dict[str, str]
) -> None:
    name = attribute.name
    if name == "map":
        _check_mapped(scope, model, field, attribute, taken)
    elif name == "ignore" and field.unsupported is not None:
        text = (
            "Fields of type `Unsupported` cannot take an `@ignore` attribute. "
            "They are already treated as ignored by the client due to their type."
        )
        scope.tell_attribute("@ignore", text, field.line)
    elif name == "updatedAt":
        if field.type != "DateTime":
            text = "Fields that are marked with @updatedAt must be of type DateTime."
            scope.tell_attribute("@updatedAt", text, field.line)
        if field.arity == "list":
            text = "Fields that are marked with @updatedAt cannot be lists."
            scope.tell_attribute("@updatedAt", text, field.line)
    elif name == "default":
        check_default(scope, field, attribute.argument("value", 0))
    else:
        _check_constraint(scope, f"@{name}", attribute, field.line)


def _check_constraint(scope: Scope, at: str, attribute: Attribute, line: int) -> None:
    if attribute.text("map") == "":
        scope.tell_attribute(at, _EMPTY_MAP, line)
    sort = attribute.argument("sort")
    if isinstance(sort, Word) and sort.name not in _ORDERS:
        text = f"The `sort` argument can only be `Asc` or `Desc` you provided: {sort.name}."
        scope.tell_attribute(at, text, line)


def _check_mapped(
    scope: Scope, model: Model, field: Field, attribute: Attribute, taken: dict[str, str]
) -> None:
    """No two columns may have one name in the database."""
    mapped = attribute.text("name", 0)
    if mapped is None or len(attribute.arguments or ()) > 1:
        return
    text = f'Field "{field.name}" is already defined on {model.word} "{model.name}".'
    if mapped in taken:
        scope.tell_field(text, field)
    taken[mapped] = field.name
    other = model.columns.get(mapped)
    if other is not None and other is not field and other.mapped == mapped:
        scope.tell_field(text, field)


def check_model(scope: Scope, model: Model) -> None:
    """Tell what is wrong with a model's own attributes."""
    attributes = model.block.attributes
    skipped = repeated(attributes, 0, scope)
    if model.ignored:
        for field in model.columns.values():
            if field.attribute("ignore") and field.unsupported is None:
                text = "Fields on an already ignored Model do not need an `@ignore` annotation."
                scope.tell_attribute("@ignore", text, field.line, field.line + 1)
    for name, signature in MODEL.items():
        for attribute in attributes:
            if attribute.name != name or name in skipped:
                continue
            if not check_arguments(scope, attribute, signature, attribute.line):
                continue
            if name == "id":
                _check_id(scope, model, attribute)
            elif name in REPEATED:
                _check_index(scope, model, attribute)
    _check_arity(scope, model)
    check_known(scope, attributes, (*MODEL, *skipped))


def _check_id(scope: Scope, model: Model, attribute: Attribute) -> None:
    unknown, relations, columns = _resolved(scope, model, attribute)
    line = attribute.line
    if unknown:
        text = f"The multi field id declaration refers to the unknown {_fields(unknown)}."
        _tell(scope, model, text, line)
    if relations:
        text = (
            f"The id definition refers to the relation {_fields(relations)}. "
            "ID definitions must reference only scalar fields."
        )
        _tell(scope, model, text, line)
    if unknown or relations or columns is None:
        return
    optional = [name for name in columns if model.columns[name].arity != "required"]
    if optional and not model.ignored:
        text = (
            f"The id definition refers to the optional {_fields(optional)}. "
            "ID definitions must reference only required fields."
        )
        _tell(scope, model, text, line)
    if any(field.attribute("id") for field in model.columns.values()):
        text = (
            "Each model must have at most one id criteria. You can't have `@id` and `@@id` at the same time."
        )
        _tell(scope, model, text)
    _check_constraint(scope, "@id", attribute, line)
    _check_client_name(scope, model, attribute)


def _fields(names: Iterable[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return f"field{'s' if len(quoted) > 1 else ''} {', '.join(quoted)}"


def _check_index(scope: Scope, model: Model, attribute: Attribute) -> None:
    unknown, relations, _ = _resolved(scope, model, attribute)
    unique = "unique " if attribute.name == "unique" else ""
    line = attribute.line
    if unknown:
        text = f"The {unique}index definition refers to the unknown fields: {', '.join(unknown)}."
        _tell(scope, model, text, line)
    if relations:
        sides = [side for side in model.sides if side.field.name in relations]
        below = [name for side in sides for name in side.fields or () if name in model.columns]
        word = "unique" if unique else "index"
        suggestion = f" Did you mean `@@{word}([{', '.join(below)}])`?" if below else ""
        text = (
            f"The {unique}index definition refers to the relation fields {', '.join(relations)}. "
            f"Index definitions must reference only scalar fields.{suggestion}"
        )
        _tell(scope, model, text, line)
    _check_constraint(scope, f"@{attribute.name}", attribute, line)
    if attribute.name == "unique":
        _check_client_name(scope, model, attribute)
    if attribute.name != "index":
        return
    if attribute.text("name") and attribute.text("map"):
        text = (
            "The `@@index` attribute accepts the `name` argument as an alias for the `map` argument for "
            "legacy reasons. It does not accept both though. "
            "Please use the `map` argument to specify the database name of the index."
        )
        scope.tell_attribute("@index", text, line)
    algorithm = attribute.argument("type")
    if isinstance(algorithm, Word) and algorithm.name not in _ALGORITHMS:
        scope.tell_attribute("@index", f"Unknown index type: {algorithm.name}.", line)


def _resolved(
    scope: Scope, model: Model, attribute: Attribute
) -> tuple[list[str], list[str], list[str] | None]:
    """The key's unknown fields, its relation fields, and its columns; None if one is named twice."""
    unknown: list[str] = []
    relations: list[str] = []
    columns: list[str] = []
    value = attribute.argument("fields", 0)
    for element in value.values if isinstance(value, Array) else (value,):
        if not isinstance(element, (Word, Call)):
            continue
        if isinstance(element, Call) and any(_is_no_order(argument) for argument in element.arguments):
            scope.tell("Unexpected token. Expected one of: Asc, Desc", attribute.line)
            return [], [], None
        name = element.name
        if name not in model.fields:
            unknown.append(name)
        elif name not in model.columns:
            relations.append(name)
        elif name in columns:
            text = f"The unique index definition refers to the field {name} multiple times."
            _tell(scope, model, text, attribute.line)
            return [], [], None
        else:
            columns.append(name)
    return unknown, relations, columns


def _is_no_order(argument: Argument) -> bool:
    value = argument.value
    return argument.name == "sort" and not (isinstance(value, Word) and value.name in _ORDERS)


def _check_client_name(scope: Scope, model: Model, attribute: Attribute) -> None:
    name = attribute.text("name")
    if name == "":
        text = "The `name` argument cannot be an empty string."
        scope.tell_attribute(f"@{attribute.name}", text, attribute.line)
    elif name is not None and not _CLIENT_NAME.fullmatch(name):
        text = (
            f"The `name` property within the `@@{attribute.name}` attribute only allows for the following "
            "characters: `_a-zA-Z0-9`."
        )
        _tell(scope, model, text, attribute.line)


def _check_arity(scope: Scope, model: Model) -> None:
    if model.ignored or model.block.attribute("id") is not None:
        return
    field = next((field for field in model.columns.values() if field.attribute("id")), None)
    if field is not None and field.arity != "required":
        scope.tell_attribute("@id", "Fields that are marked as id must be required.", field.line)


def check_enum(scope: Scope, block: Block) -> None:
    """Tell what is wrong with an enum's attributes and those of its values."""
    for value in block.values:
        skipped = repeated(value.attributes, value.line, scope)
        for attribute in value.attributes:
            if attribute.name in VALUE and attribute.name not in skipped:
                check_arguments(scope, attribute, VALUE[attribute.name], value.line)
        check_known(scope, value.attributes, (*VALUE, *skipped), value.line)
    skipped = repeated(block.attributes, 0, scope)
    for attribute in block.attributes:
        if attribute.name in ENUM and attribute.name not in skipped:
            check_arguments(scope, attribute, ENUM[attribute.name], attribute.line)
    check_known(scope, block.attributes, (*ENUM, *skipped))
