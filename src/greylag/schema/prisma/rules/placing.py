"""Where models and enums stand: database names, schemas; and what a datasource must say."""

from __future__ import annotations

from greylag.schema.prisma.document import Array, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.document import Attribute, Block
    from greylag.schema.prisma.rules.scope import Scope

_NO_SUCH_SCHEMA = (
    "This schema is not defined in the datasource. Read more on `@@schema` at https://pris.ly/d/multi-schema"
)
_PROVIDERS = frozenset(
    ["cockroachdb", "mongodb", "mysql", "postgres", "postgresql", "sqlite", "sqlserver"],
)
_TWO_SOURCES = (
    "Error validating datasource `{}`: You defined more than one datasource. This is not allowed yet because "
    "support for multiple databases has not been implemented yet."
)
_NO_VIEWS = "Error validating: View definitions are only available with the `views` preview feature."


def check_settings(scope: Scope) -> None:
    """Tell of settings that a generator or a datasource must have and does not."""
    sources = scope.document.of("datasource")
    told = len(scope.problems)
    for block in sources:
        _check_source(scope, block)
    for block in sources if len(sources) > 1 and len(scope.problems) == told else ():
        scope.tell(_TWO_SOURCES.format(block.name), block.line, _last(scope, block))
    for block in scope.document.of("generator"):
        if not _has_empty(scope, block) and block.setting("provider") is None:
            text = f'Argument "provider" is missing in generator block "{block.name}".'
            scope.tell(text, block.line, _last(scope, block))


def _has_empty(scope: Scope, block: Block) -> bool:
    """Tell of the first setting without a value; whether there is one."""
    for setting in block.properties:
        if setting.value is None:
            text = f"Property {setting.key} in {block.kind} {block.name} needs to be assigned a value"
            scope.tell(text, block.line, _last(scope, block))
            return True
    return False


def _check_source(scope: Scope, block: Block) -> None:
    if _has_empty(scope, block):
        return
    for name in ("provider", "url"):
        if block.setting(name) is None:
            text = f'Argument "{name}" is missing in data source block "{block.name}".'
            scope.tell(text, block.line, _last(scope, block))
            return
    provider = block.setting("provider")
    if isinstance(provider, Text) and provider.value not in _PROVIDERS:
        line = next(setting.line for setting in block.properties if setting.key == "provider")
        scope.tell(f'Datasource provider not known: "{provider.value}".', line)


def check_views(scope: Scope) -> None:
    """Tell of views where no generator has the preview feature for them."""
    for block in scope.document.of("generator"):
        features = block.setting("previewFeatures")
        values = features.values if isinstance(features, Array) else ()
        if any(isinstance(value, Text) and value.value == "views" for value in values):
            return
    for block in scope.document.of("view"):
        scope.tell(_NO_VIEWS, block.line, _last(scope, block))


def check_places(scope: Scope) -> None:
    """Tell of two tables or enums with one name in the database, and of schemas that are not listed."""
    _check_tables(scope)
    _check_enums(scope)
    listed = scope.source.setting("schemas") if scope.source else None
    for block in scope.document.of("model", "view", "enum"):
        _check_schema(scope, block, listed if isinstance(listed, Array) else None)


def _last(scope: Scope, block: Block) -> int:
    return block.line + scope.document.text.count("\n", block.start, block.end)


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
            scope.tell(text, block.line, _last(scope, block))
        taken.add(place)


def _check_schema(scope: Scope, block: Block, listed: Array | None) -> None:
    attribute = block.attribute("schema")
    if attribute is None:
        if listed is not None:
            text = f"This {block.kind} is missing an `@@schema` attribute."
            if block.kind != "enum":
                text = f'Error validating {block.kind} "{block.name}": {text}'
            scope.tell(text, block.line, _last(scope, block))
        return
    names = {value.value for value in listed.values if isinstance(value, Text)} if listed else set()
    if attribute.text("map", 0) not in names:
        scope.tell(_NO_SUCH_SCHEMA, attribute.line)
