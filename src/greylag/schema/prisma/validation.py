"""What Prisma would refuse in a schema, so that nothing is written that Prisma cannot read.

The rules are those of Prisma 6.19's validator for PostgreSQL as far as a schema made from a database can
break them, and run in its order: nothing is said of relations where names are wrong. What only a person can
write (preview features, client engines, operator classes that do not fit) is left to Prisma.
"""

from __future__ import annotations

from greylag.schema.prisma.rules.columns import check_columns, check_enum, check_model
from greylag.schema.prisma.rules.defaults import unknown_function
from greylag.schema.prisma.rules.keys import check_field, check_id, check_index, check_key_name
from greylag.schema.prisma.rules.keys import count_names as count_keys
from greylag.schema.prisma.rules.naming import check_names
from greylag.schema.prisma.rules.placing import check_places
from greylag.schema.prisma.rules.relations import (
    check_ambiguity,
    check_ignored,
    check_relation,
    check_side,
    pair,
)
from greylag.schema.prisma.rules.relations import count_names as count_relations
from greylag.schema.prisma.rules.scope import Scope, resolve
from greylag.schema.prisma.rules.sources import check_settings
from greylag.schema.prisma.rules.typing import check_types
from greylag.schema.prisma.rules.views import check_view_key, check_views

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.document import Document, Problem
    from greylag.schema.prisma.rules.scope import Model


def validate(document: Document) -> tuple[Problem, ...]:
    """Every reason for which Prisma would refuse a schema, the parser's first; empty if there is none."""
    scope = Scope(document)
    for check in (check_settings, check_names, check_types, _check_attributes):
        check(scope)
    # Prisma looks at the whole only if every part is good.
    if not scope.problems:
        _check_whole(scope)
    return tuple(scope.problems)


def _check_attributes(scope: Scope) -> None:
    resolve(scope)
    for model in scope.models.values():
        for side in model.sides:
            check_side(scope, side)
    for block in scope.document.of("model", "view", "enum"):
        if block.kind == "enum":
            check_enum(scope, block)
        else:
            check_columns(scope, scope.models[block.name])
            check_model(scope, scope.models[block.name])


def _check_whole(scope: Scope) -> None:
    for block in scope.types.values():
        text = "Error validating: Composite types are not supported on Postgres."
        scope.tell(text, block.line, scope.last_line(block))
    for model in scope.models.values():
        _check_functions(scope, model)
    check_views(scope)
    names = count_keys(scope)
    check_places(scope)
    for model in scope.models.values():
        is_view = model.word == "view"
        if not is_view:
            check_id(scope, model, names)
        for field in model.columns.values():
            check_field(scope, model, field)
        for side in model.sides:
            if check_ambiguity(scope, side):
                return
            check_key_name(scope, model, side.field.name)
            check_ignored(scope, side)
        for key in model.keys if is_view else model.indexes:
            if is_view:
                check_view_key(scope, model, key)
            else:
                check_index(scope, model, key, names)
    relations = pair(scope)
    keys = count_relations(relations)
    for relation in relations:
        check_relation(scope, relation, keys)


def _check_functions(scope: Scope, model: Model) -> None:
    for field in model.columns.values():
        default = field.attribute("default")
        name = unknown_function(field, default.argument("value", 0)) if default else ""
        if name:
            scope.tell(
                f"Unknown function in @default(): `{name}` is not known. You can read about the available "
                "functions here: https://pris.ly/d/attribute-functions",
                field.line,
            )
