"""The names that were chosen as an old schema.prisma: a pull onto it keeps them."""

from __future__ import annotations

import re

from greylag.schema.prisma.document import (
    Argument,
    Array,
    Attribute,
    Block,
    Document,
    EnumValue,
    Field,
    Text,
    Word,
)
from greylag.schema.prisma.names import quoted
from greylag.schema.prisma.notes import NO_KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.model.catalog.catalog import Catalog
    from greylag.model.catalog.objects import Enum
    from greylag.schema.prisma.document import Arity
    from greylag.schema.prisma.matching import Matching
    from greylag.schema.prisma.mended.chosen import Bond, Chosen
    from greylag.schema.prisma.picture import Id, SeenTable
    from greylag.schema.prisma.previous import OldModel

_KEPT_FIELD = ("updatedAt", "ignore", "default", "id", "unique")
_KEPT_BLOCK = ("id", "unique", "index", "fulltext", "ignore")
_STAMPED = frozenset(("updated_at", "updatedAt", "modified_at", "modifiedAt", "last_modified"))
_TOUCHES = re.compile(r"\bNEW\.\"?(\w+)\"?\s*:?=", re.IGNORECASE)


def preset(
    matching: Matching, chosen: Chosen, document: Document, touched: Mapping[Id, frozenset[str]]
) -> Document:
    """A document with the settings of the old one and a block for every table, view and enum.

    ``touched`` are columns that a trigger sets on every update; new fields for them get ``@updatedAt``.
    """
    models = {
        table.id: _model(matching, chosen, table, touched.get(table.id, frozenset()))
        for table in (*chosen.tables, *chosen.views)
    }
    _bind(matching, chosen, models)
    blocks = [
        Block("model", chosen.models[table.id], tuple(models[table.id]), _docs(chosen, table), 0, 0, 0)
        for table in chosen.tables
    ]
    blocks += [
        Block("view", chosen.models[view.id], tuple(models[view.id]), _docs(chosen, view), 0, 0, 0)
        for view in chosen.views
    ]
    enums = [_enum(matching, chosen, enum) for enum in matching.picture.enums]
    order = {block.name: place for place, block in enumerate(document.of("model", "view", "enum"))}
    known = sorted([*blocks, *enums], key=lambda block: order.get(block.name, len(order)))
    return Document("", (*document.of("generator"), *document.of("datasource"), *known))


def touched_columns(catalog: Catalog) -> dict[Id, frozenset[str]]:
    """Columns that a trigger before every update assigns, by table: PostgreSQL's way to ``@updatedAt``."""
    bodies = {(each.schema, each.name): each.definition for each in catalog.routines}
    found = {}
    for table in catalog.tables:
        columns: set[str] = set()
        for trigger in table.triggers:
            if trigger.timing == "before" and "update" in trigger.events and trigger.function is not None:
                body = bodies.get((trigger.function.schema, trigger.function.name), "")
                columns.update(_TOUCHES.findall(body))
        if columns:
            found[table.schema, table.name] = frozenset(columns)
    return found


def _model(
    matching: Matching, chosen: Chosen, table: SeenTable, touched: frozenset[str]
) -> list[Field | Attribute]:
    """The members of a model or a view: columns, what only the old file knows, names in the database."""
    old = chosen.old_of(table)
    members: list[Field | Attribute] = []
    for column in table.columns:
        name = chosen.fields[table.id][column.name]
        before = matching.field_of(column, old)
        attributes = [each for each in before.field.attributes if each.name in _KEPT_FIELD] if before else []
        stamped = column.name in touched or (chosen.by_convention and column.name in _STAMPED)
        if before is None and stamped and column.shape.family == "DateTime" and not column.shape.array:
            attributes.append(Attribute("updatedAt"))
        if name != column.name:
            attributes.append(_map(column.name))
        docs = _comment(column.comment) or (before.docs if before is not None else ())
        # the database tells whether a table's column may be empty, the old file whether a view's may
        arity = before.field.arity if before is not None else "optional"
        members.append(Field(name, "String", arity, tuple(attributes), docs, "", 0))
    members += [field.field for field in chosen.copied(table)]
    if old is not None:
        lifted = _became_usable(table, old)
        kept = [each for each in old.block.attributes if each.name in _KEPT_BLOCK]
        members += [each for each in kept if not (lifted and each.name == "ignore")]
    if chosen.models[table.id] != table.name:
        members.append(_map(table.name))
    if matching.namespaces:
        members.append(Attribute("schema", (_text(table.schema),)))
    return members


def _docs(chosen: Chosen, table: SeenTable) -> tuple[str, ...]:
    old = chosen.old_of(table)
    before = old.docs if old is not None else ()
    said = _comment(table.comment)
    if said:
        return (*said, *(line for line in before if line == NO_KEY and not table.usable))
    if old is not None and _became_usable(table, old):
        return tuple(line for line in before if line != NO_KEY)
    return before


def _became_usable(table: SeenTable, old: OldModel) -> bool:
    """Whether a table that was ignored for want of a key has one by now."""
    return table.usable and NO_KEY in old.docs


def _enum(matching: Matching, chosen: Chosen, enum: Enum) -> Block:
    key = (enum.schema, enum.name)
    old = matching.enum_of(enum)
    members: list[EnumValue | Attribute] = []
    for label in enum.values:
        name = chosen.values[key][label]
        before = old.by_label.get(label) if old is not None else None
        attributes = (_map(label),) if name != label else ()
        members.append(EnumValue(name, attributes, before.docs if before else (), "", 0))
    if chosen.enums[key] != enum.name:
        members.append(_map(enum.name))
    if matching.namespaces:
        members.append(Attribute("schema", (_text(enum.schema),)))
    docs = _comment(enum.comment) or (old.docs if old is not None else ())
    return Block("enum", chosen.enums[key], tuple(members), docs, 0, 0, 0)


def _bind(matching: Matching, chosen: Chosen, models: dict[Id, list[Field | Attribute]]) -> None:
    """Put both fields of every relation into their models."""
    for table in matching.picture.tables:
        if table.id in chosen.joins:
            _bind_join(chosen, table, models)
            continue
        for key in table.foreign_keys:
            bond = chosen.bonds.get(id(key))
            if bond is None:
                continue
            names = chosen.fields[key.table.id], chosen.fields[key.target.id]
            arguments = [
                *_named(bond),
                _list("fields", [names[0][column.name] for column in key.columns]),
                _list("references", [names[1][column.name] for column in key.referenced]),
            ]
            # the name of the key is the database's to say, so that a renamed one is not called as it was
            there, here = chosen.models[key.target.id], chosen.models[key.table.id]
            models[key.table.id].append(_relation(bond.forward, there, "optional", arguments))
            models[key.target.id].append(_relation(bond.back, here, "list", list(_named(bond))))


def _bind_join(chosen: Chosen, table: SeenTable, models: dict[Id, list[Field | Attribute]]) -> None:
    from greylag.schema.prisma.many_to_many import sides

    bond = chosen.joins[table.id]
    a, b = (side.target.id for side in sides(table))
    models[a].append(_relation(bond.forward, chosen.models[b], "list", list(_named(bond))))
    models[b].append(_relation(bond.back, chosen.models[a], "list", list(_named(bond))))


def _relation(name: str, model: str, arity: Arity, arguments: list[Argument]) -> Field:
    attributes = (Attribute("relation", tuple(arguments)),) if arguments else ()
    return Field(name, model, arity, attributes, (), "", 0)


def _named(bond: Bond) -> tuple[Argument, ...]:
    return (_text(bond.relation),) if bond.relation else ()


def _list(name: str, fields: list[str]) -> Argument:
    return Argument(name, Array(tuple(Word(field) for field in fields)))


def _map(name: str) -> Attribute:
    return Attribute("map", (_text(name),))


def _text(text: str) -> Argument:
    return Argument("", Text(text, quoted(text)))


def _comment(text: str) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in text.strip().splitlines())
