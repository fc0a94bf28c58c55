"""Where models and enums stand: names in the database, and schemas."""

from __future__ import annotations

from greylag.schema.prisma.document import Array, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.document import Attribute, Block
    from greylag.schema.prisma.rules.scope import Scope

_NO_SUCH_SCHEMA = (
    "This schema is not defined in the datasource. Read more on `@@schema` at https://pris.ly/d/multi-schema"
)


def check_places(scope: Scope) -> None:
    """Tell of two tables or enums with one name in the database, and of schemas that are not listed."""
    _check_tables(scope)
    _check_enums(scope)
    listed = scope.source.setting("schemas") if scope.source else None
    for block in scope.document.of("model", "view", "enum"):
        _check_schema(scope, block, listed if isinstance(listed, Array) else None)


def _schema(block: Block) -> str | None:
    attribute = block.attribute("schema")
    return attribute.text("map", 0) if attribute else None


def _check_tables(scope: Scope) -> None:
    taken: dict[tuple[str | None, str], Block] = {}
    for block in scope.document.of("model", "view"):
        place = _schema(block), block.mapped
        earlier = taken.get(place)
        taken[place] = block
        if earlier is None:
            continue
        mapped = block.attribute("map")
        told: Attribute | None = mapped or earlier.attribute("map")
        other = earlier if mapped else block
        scope.tell(
            f'The model with database name "{block.mapped}" could not be defined because another model or '
            f'view with this name exists: "{other.name}"',
            told.line if told else block.line,
        )


def _check_enums(scope: Scope) -> None:
    taken: set[tuple[str | None, str]] = set()
    for block in scope.document.of("enum"):
        place = _schema(block), block.mapped
        if place in taken:
            text = "An enum with the same database name is already defined."
            scope.tell(text, block.line, scope.last_line(block))
        taken.add(place)


def _check_schema(scope: Scope, block: Block, listed: Array | None) -> None:
    attribute = block.attribute("schema")
    if attribute is None:
        if listed is not None:
            text = f"This {block.kind} is missing an `@@schema` attribute."
            if block.kind != "enum":
                text = f'Error validating {block.kind} "{block.name}": {text}'
            scope.tell(text, block.line, scope.last_line(block))
        return
    names = {value.value for value in listed.values if isinstance(value, Text)} if listed else set()
    if attribute.text("map", 0) not in names:
        scope.tell(_NO_SUCH_SCHEMA, attribute.line)
