"""Names: what may be one, and that none is given twice."""

from __future__ import annotations

from greylag.schema.prisma.names import RESERVED
from greylag.schema.prisma.rules.scope import SCALARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.document import Attribute, Block
    from greylag.schema.prisma.rules.scope import Scope

# How messages call a block, where it is not the keyword.
_WORDS = {"type": "composite type", "datasource": "source"}
_THINGS = {"model": ("Model", "Field"), "view": ("view", "field"), "type": ("Composite type", "")}
_NAMING_ENUMS = (
    "https://www.prisma.io/docs/reference/tools-and-interfaces/prisma-schema/data-model#naming-enums"
)
_NAMING_MODELS = "https://pris.ly/d/naming-models"


def check_names(scope: Scope) -> None:
    """Tell of every name that is reserved, misspelled, or given twice in one place."""
    seen: dict[tuple[str, str], Block] = {}
    for block in scope.document.blocks:
        if block.name in SCALARS:
            scope.tell(f'"{block.name}" is a reserved scalar type name and cannot be used.', block.line)
        if block.kind in {"generator", "datasource"}:
            _check_settings(scope, block)
        elif block.kind == "enum":
            _check_enum(scope, block)
        else:
            _check_model(scope, block)
        space = block.kind if block.kind in {"generator", "datasource"} else ""
        earlier = seen.get((space, block.name))
        seen[space, block.name] = block
        if earlier:
            scope.tell(
                f'The {_word(block)} "{block.name}" cannot be defined '
                f"because a {_word(earlier)} with that name already exists.",
                block.line,
            )


def _word(block: Block) -> str:
    return _WORDS.get(block.kind, block.kind)


def _check_settings(scope: Scope, block: Block) -> None:
    seen = set()
    for setting in block.properties:
        if setting.key in seen:
            text = f'Key "{setting.key}" is already defined in {_word(block)} "{block.name}".'
            scope.tell(text, setting.line)
        seen.add(setting.key)


def _check_enum(scope: Scope, block: Block) -> None:
    _check_identifier(scope, block.name, "Enum", block.line)
    if block.name in RESERVED:
        scope.tell(
            f"Error validating enum `{block.name}`: The enum name `{block.name}` is invalid. "
            f"It is a reserved name. Please change it. Read more at {_NAMING_ENUMS}",
            block.line,
            scope.last_line(block),
        )
    _check_attributes(scope, block.attributes, 0)
    seen = set()
    for value in block.values:
        _check_identifier(scope, value.name, "Enum Value", value.line)
        _check_attributes(scope, value.attributes, value.line)
        if value.name in seen:
            text = f'Value "{value.name}" is already defined on enum "{block.name}".'
            scope.tell(text, value.line, value.line + 1)
        seen.add(value.name)


def _check_model(scope: Scope, block: Block) -> None:
    word, field_word = _THINGS[block.kind]
    _check_identifier(scope, block.name, word, block.line)
    if block.name in RESERVED and block.kind != "type":
        # Prisma says "model" first, of a view too.
        scope.tell(
            f'Error validating model "{block.name}": The {block.kind} name `{block.name}` is invalid. '
            f"It is a reserved name. Please change it. Read more at {_NAMING_MODELS}",
            block.line,
            scope.last_line(block),
        )
    if block.kind != "type":
        _check_attributes(scope, block.attributes, 0)
    seen = set()
    for field in block.fields:
        if field_word:
            _check_identifier(scope, field.name, field_word, field.line)
            _check_attributes(scope, field.attributes, field.line)
        if field.name in seen:
            text = f'Field "{field.name}" is already defined on {_word(block)} "{block.name}".'
            scope.tell(text, field.line)
        seen.add(field.name)


def _check_attributes(scope: Scope, attributes: tuple[Attribute, ...], line: int) -> None:
    for attribute in attributes:
        _check_identifier(scope, attribute.name, "Attribute", line or attribute.line)


def _check_identifier(scope: Scope, name: str, thing: str, line: int) -> None:
    if name[0].isnumeric():
        scope.tell(f"Error validating: The name of a {thing} must not start with a number.", line)
    elif "-" in name:
        scope.tell(f"Error validating: The character `-` is not allowed in {thing} names.", line)
