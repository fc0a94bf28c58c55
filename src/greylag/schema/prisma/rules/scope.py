"""A document as the rules see it: models with their fields told apart, keys and relations read."""

from __future__ import annotations

from greylag.model.records import NamedTuple
from greylag.schema.prisma.document import Array, Call, Problem, Text, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from greylag.schema.prisma.document import Attribute, Block, Document, Field, Value

    KeyKind = Literal["id", "unique", "index", "fulltext"]
else:
    KeyKind = str

SCALARS = frozenset(
    ["BigInt", "Boolean", "Bytes", "DateTime", "Decimal", "Float", "Int", "Json", "String"],
)
"""Prisma's own types."""

POSTGRES = ("postgresql", "postgres")
"""How a datasource names PostgreSQL."""


class Key(NamedTuple):
    """An id, a unique key or an index. ``at`` is how messages name its attribute: ``@id``, ``@@index``."""

    kind: KeyKind
    fields: tuple[str, ...]
    attribute: Attribute
    line: int
    at: str
    name: str | None
    mapped: str | None


class Side(NamedTuple):
    """A relation field. ``fields`` and ``references`` are None where they are not given."""

    model: Model
    field: Field
    target: str
    attribute: Attribute | None
    name: str | None
    fields: tuple[str, ...] | None
    references: tuple[str, ...] | None
    mapped: str | None
    has_actions: bool

    @property
    def is_ignored(self) -> bool:
        """Whether the field has ``@ignore``."""
        return self.field.attribute("ignore") is not None


class Model:
    """A model or a view: its fields by name, and which of them are columns (``every_column``: twins too).

    ``named_keys`` are the keys for which the client has a name of their own.
    """

    __slots__ = (
        "block",
        "columns",
        "every_column",
        "fields",
        "ignored",
        "keys",
        "name",
        "named_keys",
        "schema",
        "sides",
        "table",
    )

    def __init__(self, block: Block) -> None:
        self.block = block
        self.name = block.name
        self.table = block.mapped
        self.fields: dict[str, Field] = {}
        for field in block.fields:
            self.fields.setdefault(field.name, field)
        self.columns: dict[str, Field] = {}
        self.every_column: list[Field] = []
        self.keys: list[Key] = []
        self.named_keys: dict[str, list[Key]] = {}
        self.sides: list[Side] = []
        self.ignored = block.attribute("ignore") is not None
        schema = block.attribute("schema")
        self.schema = schema.text("map", 0) if schema else None

    @property
    def word(self) -> str:
        """What messages call it: model or view."""
        return self.block.kind

    @property
    def id(self) -> Key | None:
        """Its id."""
        return next((key for key in self.keys if key.kind == "id"), None)

    @property
    def indexes(self) -> list[Key]:
        """Its other keys, those of fields first, indexes before unique ones."""
        return [key for key in self.keys if key.kind != "id"]

    @property
    def unique_keys(self) -> list[Key]:
        """Its id and its unique keys."""
        return [key for key in self.keys if key.kind in {"id", "unique"}]


class Scope:
    """The whole document, and the problems found so far. ``source_name`` is the prefix of native types."""

    __slots__ = ("document", "enums", "is_postgres", "models", "problems", "source", "source_name", "types")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems = list(document.problems)
        self.models = {block.name: Model(block) for block in document.of("model", "view")}
        self.enums = {block.name: block for block in document.of("enum")}
        self.types = {block.name: block for block in document.of("type")}
        self.source = next(iter(document.of("datasource")), None)
        self.source_name = self.source.name if self.source else ""
        provider = self.source.setting("provider") if self.source else None
        self.is_postgres = isinstance(provider, Text) and provider.value in POSTGRES

    def tell(self, message: str, line: int, last: int = 0) -> None:
        """Note a problem with a line, or with the lines up to ``last``."""
        self.problems.append(Problem(message, line, max(line, last)))

    def last_line(self, block: Block) -> int:
        """The line of a block's closing brace."""
        return block.line + self.document.text.count("\n", block.start, block.end)

    def tell_field(self, message: str, field: Field) -> None:
        """Note a problem with a whole field, whose line end belongs to it."""
        self.tell(message, field.line, field.line + 1)

    def tell_model(self, model: Model, message: str, line: int = 0) -> None:
        """Note a problem with a model: with the whole of it, or with one line."""
        text = f'Error validating {model.word} "{model.name}": {message}'
        self.tell(text, line or model.block.line, 0 if line else self.last_line(model.block))

    def tell_attribute(self, name: str, message: str, line: int, last: int = 0) -> None:
        """Note a problem with an attribute."""
        self.tell(f'Error parsing attribute "{name}": {message}', line, last)


def resolve(scope: Scope) -> None:
    """Tell columns from relation fields, and read keys and relations; a field of no known type is neither."""
    for model in scope.models.values():
        for field in model.block.fields:
            if field.type in scope.models and field.type not in SCALARS:
                model.sides.append(_side(model, field))
            elif is_known(scope, field):
                model.columns.setdefault(field.name, field)
                model.every_column.append(field)
        model.keys.extend(_field_keys(model))
        model.keys.extend(_block_keys(model))
        for key in model.keys:
            if key.name is not None:
                model.named_keys.setdefault(key.name, []).append(key)


def is_known(scope: Scope, field: Field) -> bool:
    """Whether there is the type a field has."""
    kind = field.type
    named = kind in scope.models or kind in scope.enums or kind in scope.types
    return kind in SCALARS or named or field.unsupported is not None


def _side(model: Model, field: Field) -> Side:
    attribute = field.attribute("relation")
    if attribute is None:
        return Side(model, field, field.type, None, None, None, None, None, has_actions=False)
    return Side(
        model,
        field,
        field.type,
        attribute,
        attribute.text("name", 0),
        _list(attribute, "fields"),
        _list(attribute, "references"),
        attribute.text("map"),
        has_actions=any(attribute.argument(name) for name in ("onDelete", "onUpdate")),
    )


def _list(attribute: Attribute, name: str) -> tuple[str, ...] | None:
    return attribute.names(name) if attribute.argument(name) is not None else None


def _field_keys(model: Model) -> list[Key]:
    found = []
    kinds: tuple[KeyKind, ...] = ("id", "unique")
    for field in model.columns.values():
        for kind in kinds:
            if attribute := field.attribute(kind):
                mapped = attribute.text("map")
                found.append(Key(kind, (field.name,), attribute, field.line, f"@{kind}", None, mapped))
    return found


def _block_keys(model: Model) -> list[Key]:
    attributes = model.block.attributes
    found = []
    kinds: tuple[KeyKind, ...] = ("id", "index", "unique", "fulltext")
    for kind in kinds:
        for attribute in attributes:
            if attribute.name == kind:
                name, mapped = attribute.text("name"), attribute.text("map")
                if kind == "index":
                    name, mapped = None, mapped or name
                fields = attribute.names("fields", 0)
                found.append(Key(kind, fields, attribute, attribute.line, f"@@{kind}", name, mapped))
    return found


def spelled(value: Value | None) -> str:
    """A value as Prisma's messages show it."""
    if isinstance(value, Text):
        return value.raw
    if isinstance(value, Word):
        return value.name
    if isinstance(value, Array):
        return f"[{','.join(spelled(element) for element in value.values)}]"
    if isinstance(value, Call):
        arguments = ",".join(
            f"{argument.name}: {spelled(argument.value)}" if argument.name else spelled(argument.value)
            for argument in value.arguments
        )
        return f"{value.name}({arguments})"
    return value.text if value else ""
