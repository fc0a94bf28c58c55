"""What a datasource and a generator must say, and in which form."""

from __future__ import annotations

from greylag.schema.prisma.document import Array, Call, Number, Text, Word
from greylag.schema.prisma.rules.scope import spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.document import Block, Property, Value
    from greylag.schema.prisma.rules.scope import Scope

_ADDRESSES = frozenset({"url", "directUrl", "shadowDatabaseUrl"})
_KINDS: dict[type, str] = {Array: "array", Call: "functional", Number: "numeric", Word: "literal"}
_PROVIDERS = frozenset(
    ["cockroachdb", "mongodb", "mysql", "postgres", "postgresql", "sqlite", "sqlserver"],
)
_TWO_SOURCES = (
    "Error validating datasource `{}`: You defined more than one datasource. This is not allowed yet because "
    "support for multiple databases has not been implemented yet."
)


def check_settings(scope: Scope) -> None:
    """Tell of settings that a generator or a datasource must have and does not."""
    sources = scope.document.of("datasource")
    told = len(scope.problems)
    for block in sources:
        _check_source(scope, block)
    for block in sources if len(sources) > 1 and len(scope.problems) == told else ():
        scope.tell(_TWO_SOURCES.format(block.name), block.line, scope.last_line(block))
    for block in scope.document.of("generator"):
        if not _has_empty(scope, block) and block.setting("provider") is None:
            text = f'Argument "provider" is missing in generator block "{block.name}".'
            scope.tell(text, block.line, scope.last_line(block))


def _has_empty(scope: Scope, block: Block) -> bool:
    """Tell of the first setting without a value; whether there is one."""
    for setting in block.properties:
        if setting.value is None:
            text = f"Property {setting.key} in {block.kind} {block.name} needs to be assigned a value"
            scope.tell(text, block.line, scope.last_line(block))
            return True
    return False


def _check_source(scope: Scope, block: Block) -> None:
    if _has_empty(scope, block):
        return
    for name in ("provider", "url"):
        if block.setting(name) is None:
            text = f'Argument "{name}" is missing in data source block "{block.name}".'
            scope.tell(text, block.line, scope.last_line(block))
            return
    for setting in block.properties:
        if setting.key == "provider":
            _check_provider(scope, block, setting)
        elif setting.key in _ADDRESSES and (fault := _address_fault(setting.value)):
            scope.tell(fault, setting.line)


def _check_provider(scope: Scope, block: Block, setting: Property) -> None:
    value = setting.value
    if isinstance(value, Text):
        if value.value not in _PROVIDERS:
            scope.tell(f'Datasource provider not known: "{value.value}".', setting.line)
    elif isinstance(value, Call) and value.name == "env":
        text = "A datasource must not use the env() function in the provider argument."
        scope.tell(text, block.line, scope.last_line(block))
    else:
        text = "The provider argument in a datasource must be a string literal"
        scope.tell(f"Error validating datasource `{block.name}`: {text}", setting.line)


def _address_fault(value: Value | None) -> str:
    if isinstance(value, Text) or value is None:
        return ""
    if not isinstance(value, Call) or value.name != "env":
        return f"Expected a String value, but received {_KINDS[type(value)]} value `{spelled(value)}`."
    if len(value.arguments) != 1:
        return "Exactly one string parameter must be passed to the env function."
    name = value.arguments[0].value
    if isinstance(name, Text) or name is None:
        return ""
    return f"Expected a string value, but received {_KINDS[type(name)]} value `{spelled(name)}`."
