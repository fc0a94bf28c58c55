"""What an old schema.prisma says, as far as a pull takes it over: names, relations, keys, their places."""

from __future__ import annotations

from greylag.schema.prisma.document import Call, Word
from greylag.schema.prisma.layout import write_value
from greylag.schema.prisma.names import index_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    from greylag.schema.prisma.document import Attribute, Block, Document, EnumValue, Field

    RelationKind = Literal["inline", "many to many"]
else:
    RelationKind = str

_CLIENT_DEFAULTS = frozenset(("uuid", "cuid", "ulid", "nanoid"))


class OldIndex:
    """An index of an old file. ``constraint`` is its name in the database, ``name`` the client's."""

    __slots__ = ("constraint", "fields", "mapped", "name", "place", "unique")

    def __init__(
        self,
        model: OldModel,
        fields: tuple[str, ...],
        *,
        unique: bool,
        name: str | None,
        mapped: str | None,
        place: int,
    ) -> None:
        self.fields = fields
        self.unique = unique
        self.name = name
        self.mapped = mapped
        self.place = place
        columns = [model.column_of(field) for field in fields]
        self.constraint = index_name(model.mapped, columns, unique=unique) if mapped is None else mapped

    def is_for(self, name: str) -> bool:
        """Whether it is the database's index of that name. Before Prisma 3 ``name`` was its name there."""
        return (self.mapped is None and self.name == name) or self.constraint == name


class OldField:
    """A field of an old file that is a column."""

    __slots__ = ("client_default", "docs", "field", "ignored", "map", "mapped", "name", "updated_at")

    def __init__(self, field: Field) -> None:
        self.field = field
        self.name = field.name
        self.map = _map(field.attributes)
        self.mapped = field.name if self.map is None else self.map
        self.docs = field.docs
        self.updated_at = field.attribute("updatedAt") is not None
        self.ignored = field.attribute("ignore") is not None
        default = field.attribute("default")
        value = default.argument("value", 0) if default else None
        self.client_default = ""
        if isinstance(value, Call) and value.name in _CLIENT_DEFAULTS:
            self.client_default = write_value(value)


class OldRelationField:
    """A field of an old file that leads to another model (or a view)."""

    __slots__ = (
        "attribute", "explicit", "field", "fields", "ignored", "model", "name", "references", "target",
    )  # fmt: skip

    def __init__(self, model: OldModel, field: Field, target: OldModel) -> None:
        self.model = model
        self.field = field
        self.name = field.name
        self.target = target
        self.ignored = field.attribute("ignore") is not None
        attribute = field.attribute("relation")
        self.attribute = attribute
        self.explicit = attribute.text("name", 0) if attribute else None
        self.fields = _names(attribute, "fields")
        self.references = _names(attribute, "references")

    @property
    def relation_name(self) -> str:
        """The relation's name, else the one Prisma makes of the models'."""
        return generated_name(self.model, self.target) if self.explicit is None else self.explicit

    @property
    def mapped(self) -> str | None:
        """The name of the foreign key, where it is given."""
        return self.attribute.text("map") if self.attribute else None

    def action(self, name: str) -> str | None:
        """What ``onDelete`` or ``onUpdate`` says, where it is given."""
        found = self.attribute.argument(name) if self.attribute else None
        return found.name if isinstance(found, Word) else None


class OldRelation:
    """A relation of an old file: ``forward`` is the side with the columns (of many to many, side A)."""

    __slots__ = ("back", "forward", "kind", "model_a", "model_b")

    def __init__(
        self,
        kind: RelationKind,
        model_a: OldModel,
        model_b: OldModel,
        forward: OldRelationField | None,
        back: OldRelationField | None,
    ) -> None:
        self.kind = kind
        self.model_a = model_a
        self.model_b = model_b
        self.forward = forward
        self.back = back

    @property
    def complete(self) -> bool:
        """Whether both sides are written."""
        return self.forward is not None and self.back is not None

    @property
    def name(self) -> str:
        """Its name, or the one Prisma makes of the models'."""
        field = self.forward or self.back
        explicit = field.explicit if field else None
        return generated_name(self.model_a, self.model_b) if explicit is None else explicit


class OldModel:
    """A model or a view of an old file. ``mapped`` is its name in the database."""

    __slots__ = (
        "block", "by_column", "columns", "docs", "fields", "ignored", "indexes", "is_view", "key", "map",
        "mapped", "name", "place", "relation_fields", "schema",
    )  # fmt: skip

    def __init__(self, block: Block, place: int) -> None:
        self.block = block
        self.place = place
        self.name = block.name
        self.is_view = block.kind == "view"
        self.docs = block.docs
        self.map = _map(block.attributes)
        self.mapped = block.name if self.map is None else self.map
        self.schema = _schema(block)
        self.ignored = block.attribute("ignore") is not None
        self.fields: list[OldField] = []
        self.columns: dict[str, str] = {}
        self.by_column: dict[str, OldField] = {}
        self.relation_fields: list[OldRelationField] = []
        self.indexes: list[OldIndex] = []
        self.key: OldKey | None = None

    def column_of(self, field: str) -> str:
        """The database's name of a field."""
        return self.columns.get(field, field)

    def index_for(self, name: str) -> OldIndex | None:
        """Its index of that name in the database."""
        return next((index for index in self.indexes if index.is_for(name)), None)


class OldKey:
    """A primary key of an old file."""

    __slots__ = ("fields", "mapped", "name")

    def __init__(self, fields: tuple[str, ...], name: str | None, mapped: str | None) -> None:
        self.fields = fields
        self.name = name
        self.mapped = mapped


class OldEnum:
    """An enum of an old file; ``by_label`` finds a value by its name in the database."""

    __slots__ = ("block", "by_label", "docs", "map", "mapped", "name", "place", "schema")

    def __init__(self, block: Block, place: int) -> None:
        self.block = block
        self.place = place
        self.name = block.name
        self.docs = block.docs
        self.map = _map(block.attributes)
        self.mapped = block.name if self.map is None else self.map
        self.schema = _schema(block)
        self.by_label: dict[str, OldValue] = {}
        for value in block.values:
            old = OldValue(value)
            self.by_label.setdefault(old.mapped, old)


class OldValue:
    """A value of an enum of an old file."""

    __slots__ = ("docs", "map", "mapped", "name")

    def __init__(self, value: EnumValue) -> None:
        self.name = value.name
        self.map = _map(value.attributes)
        self.mapped = value.name if self.map is None else self.map
        self.docs = value.docs


class Previous:
    """An old file. Without its models (``--force``, a first pull) it still has its settings."""

    def __init__(self, document: Document, *, forget: bool = False) -> None:
        blocks = () if forget else document.of("model", "view", "enum")
        places = list(enumerate(blocks))
        everything = [OldModel(block, place) for place, block in places if block.kind != "enum"]
        self.models = [model for model in everything if not model.is_view]
        self.views = [model for model in everything if model.is_view]
        self.enums = [OldEnum(block, place) for place, block in places if block.kind == "enum"]
        self.datasource = next(iter(document.of("datasource")), None)
        self.generators = document.of("generator")
        by_name = {model.name: model for model in everything}
        for model in everything:
            _fill(model, by_name)
        self.relations = sorted(
            _relations(everything), key=lambda relation: (relation.model_a.place, relation.model_b.place)
        )
        self._by_model: dict[int, list[OldRelation]] = {}
        for relation in self.relations:
            if relation.kind == "inline":
                self._by_model.setdefault(relation.model_a.place, []).append(relation)

    def relations_from(self, model: OldModel) -> list[OldRelation]:
        """The inline relations whose columns are in the model."""
        return self._by_model.get(model.place, [])


def generated_name(one: OldModel, other: OldModel) -> str:
    """The name Prisma gives a relation between two models."""
    first, second = sorted((one.name, other.name))
    return f"{first}To{second}"


def _map(attributes: tuple[Attribute, ...]) -> str | None:
    for attribute in attributes:
        if attribute.name == "map":
            return attribute.text("name", 0)
    return None


def _schema(block: Block) -> str | None:
    attribute = block.attribute("schema")
    return attribute.text("map", 0) if attribute else None


def _names(attribute: Attribute | None, argument: str) -> tuple[str, ...] | None:
    if attribute is None or attribute.argument(argument) is None:
        return None
    return attribute.names(argument)


def _fill(model: OldModel, by_name: dict[str, OldModel]) -> None:
    for field in model.block.fields:
        target = by_name.get(field.type)
        if target is not None:
            model.relation_fields.append(OldRelationField(model, field, target))
            continue
        old = OldField(field)
        model.fields.append(old)
        model.columns[old.name] = old.mapped
        model.by_column.setdefault(old.mapped, old)
    _fill_keys(model)


def _fill_keys(model: OldModel) -> None:
    for field in model.fields:
        unique = field.field.attribute("unique")
        if unique is not None:
            index = OldIndex(
                model,
                (field.name,),
                unique=True,
                name=None,
                mapped=unique.text("map"),
                place=-1,
            )
            model.indexes.append(index)
        key = field.field.attribute("id")
        if key is not None:
            model.key = OldKey((field.name,), None, key.text("map", 0))
    for place, attribute in enumerate(model.block.attributes):
        if attribute.name == "id":
            model.key = OldKey(attribute.names("fields", 0), attribute.text("name"), attribute.text("map"))
        elif attribute.name in ("unique", "index", "fulltext"):
            model.indexes.append(_block_index(model, attribute, place))


def _block_index(model: OldModel, attribute: Attribute, place: int) -> OldIndex:
    unique = attribute.name == "unique"
    name, mapped = attribute.text("name"), attribute.text("map")
    if not unique:  # an index has no name for the client: there it means the one in the database
        name, mapped = None, name if mapped is None else mapped
    return OldIndex(model, attribute.names("fields", 0), unique=unique, name=name, mapped=mapped, place=place)


def _relations(models: Iterable[OldModel]) -> Iterator[OldRelation]:
    """The relations between models, each once: told from the side that has the columns."""
    for model in models:
        for field in model.relation_fields:
            found = _relation(field, _opposite(field))
            if found is not None:
                yield found


def _opposite(field: OldRelationField) -> OldRelationField | None:
    return next(
        (
            other
            for other in field.target.relation_fields
            if other.target is field.model and other is not field and other.explicit == field.explicit
        ),
        None,
    )


def _relation(field: OldRelationField, other: OldRelationField | None) -> OldRelation | None:
    arity, model, target = field.field.arity, field.model, field.target
    if other is None:
        if arity == "list":
            return OldRelation("inline", target, model, None, field)
        return OldRelation("inline", model, target, field, None)
    opposite = other.field.arity
    if arity == "list" and opposite == "list":
        if model.name > target.name or (model is target and field.name > other.name):
            return None
        return OldRelation("many to many", model, target, field, other)
    if arity == "list" or (arity == "optional" and opposite == "required"):
        return None
    if arity == opposite == "optional" and field.fields is None:
        later = (model.name, field.name) > (target.name, other.name)
        if other.fields is not None or later:
            return None
    return OldRelation("inline", model, target, field, other)
