"""The warnings of a pull, in Prisma's words and order. Unlike the notes in the file they come every time."""

from __future__ import annotations

from greylag.schema.prisma.keys import id_name
from greylag.schema.prisma.many_to_many import sides
from greylag.schema.prisma.names import is_clean, sanitised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.catalog.objects import Enum
    from greylag.schema.prisma.matching import Matching
    from greylag.schema.prisma.models import Models
    from greylag.schema.prisma.picture import SeenColumn, SeenTable
    from greylag.schema.prisma.previous import OldModel

_UNNAMED = (
    "These {} were commented out because their names are currently not supported by Prisma. Please provide "
    "valid ones that match [a-zA-Z][a-zA-Z0-9_]* using the `@map` attribute:"
)
_ENRICHED = "These {} were enriched with {} taken from the previous Prisma schema:"
_UNKNOWN_TYPES = (
    "These fields are not supported by Prisma Client, because Prisma currently does not support their types:"
)

_BROKEN = (
    'The many-to-many relation between "{}" and "{}" is broken due to the naming of the models. Prisma '
    "creates many-to-many relations based on the alphabetical ordering of the names of the models and these "
    "two models now produce the reverse of the expected ordering."
)

HEADLINES = {
    "unnamed fields": _UNNAMED.format("fields"),
    "unnamed view fields": _UNNAMED.format("fields"),
    "mapped fields": _ENRICHED.format("fields", "`@map` information"),
    "mapped view fields": _ENRICHED.format("fields", "`@map` information"),
    "unnamed values": _UNNAMED.format("enum values"),
    "no columns": (
        "The following models were commented out as we could not retrieve columns for them. "
        "Please check your privileges:"
    ),
    "no key": (
        "The following models were ignored as they do not have a valid unique identifier or id. "
        "This is currently not supported by Prisma Client:"
    ),
    "named ids": _ENRICHED.format("models", "custom compound id names"),
    "unknown types": _UNKNOWN_TYPES,
    "unknown view types": _UNKNOWN_TYPES,
    "mapped models": _ENRICHED.format("models", "`@@map` information"),
    "mapped views": _ENRICHED.format("views", "`@@map` information"),
    "mapped values": _ENRICHED.format("enum values", "`@map` information"),
    "mapped enums": _ENRICHED.format("enums", "`@@map` information"),
    "copied relations": (
        "Relations were copied from the previous data model due to not using foreign keys in the database. "
        "If any of the relation columns changed in the database, the relations might not be correct anymore:"
    ),
    "duplicates": "These items were renamed due to their names being duplicates in the Prisma schema:",
    "partitions": "These tables are partition tables, which are not yet fully supported:",
    "inherited": "These tables are inherited tables, which are not yet fully supported:",
    "null order": (
        "These index columns are having a non-default null sort order, which is not yet fully supported. "
        "Read more: https://pris.ly/d/non-default-index-null-ordering"
    ),
    "row security": (
        "These tables contain row level security, which is not yet fully supported. "
        "Read more: https://pris.ly/d/row-level-security"
    ),
    "checks": (
        "These constraints are not supported by Prisma Client, because Prisma currently does not fully "
        "support check constraints. Read more: https://pris.ly/d/check-constraints"
    ),
    "excludes": (
        "These constraints are not supported by Prisma Client, because Prisma currently does not fully "
        "support exclusion constraints. Read more: https://pris.ly/d/exclusion-constraints"
    ),
    "deferring": (
        "These primary key, foreign key or unique constraints are using non-default deferring in the "
        "database, which is not yet fully supported. Read more: https://pris.ly/d/constraint-deferring"
    ),
    "comments": (
        "These objects have comments defined in the database, which is not yet fully supported. "
        "Read more: https://pris.ly/d/database-comments"
    ),
    "expressions": (
        "These indexes are not supported by Prisma Client, because Prisma currently does not fully support "
        "expression indexes. Read more: https://pris.ly/d/expression-indexes"
    ),
}
"""What stands above each group of warnings, in the order of the groups."""


class Warnings:
    """The warnings of one pull, by group."""

    def __init__(self) -> None:
        self._items: dict[str, list[str]] = {group: [] for group in HEADLINES}
        self._unnamed: dict[str, dict[str, set[str]]] = {}
        self._broken: set[tuple[str, str]] = set()

    def add(self, group: str, item: str) -> None:
        """Add one line to a group."""
        self._items[group].append(item)

    def add_unnamed(self, what: str, owner: str, field: str) -> None:
        """Add a field without a name: those of one model share a line."""
        self._unnamed.setdefault(what, {}).setdefault(owner, set()).add(field)

    def add_broken(self, one: str, other: str) -> None:
        """Add a relation whose sides changed places; of these Prisma tells behind the groups, in one line."""
        self._broken.add((one, other))

    def text(self) -> str:
        """All of them as Prisma prints them; empty without any."""
        for what, group in (("Model", "unnamed fields"), ("View", "unnamed view fields")):
            for owner, fields in sorted(self._unnamed.get(what, {}).items()):
                listed = ", ".join(f'"{field}"' for field in sorted(fields))
                self.add(group, f'{what}: "{owner}", field(s): [{listed}]')
        parts = [
            "\n".join((HEADLINES[group], *(f"  - {item}" for item in items)))
            for group, items in self._items.items()
            if items
        ]
        if not (parts or self._broken):
            return ""
        broken = "".join(_BROKEN.format(*pair) for pair in sorted(self._broken))
        return "\n\n".join(("*** WARNING ***", *parts)) + "\n" + broken


def warnings_of(matching: Matching, models: Models, *, views: bool) -> str:
    """Everything Prisma would warn of, as it prints it. Tables come in the database's order."""
    warnings = Warnings()
    for enum in matching.picture.enums:
        _warn_of_enum(warnings, matching, enum)
    for table in matching.picture.tables:
        if not table.hidden:
            _warn_of_model(warnings, matching, models, table)
    for table in matching.picture.tables:
        if table.id in matching.joins:
            _warn_of_join(warnings, matching, table)
    if views:
        for view in matching.picture.views:
            _warn_of_view(warnings, matching, view)
    for table in matching.picture.tables:
        _warn_of_table(warnings, matching, table)
    return warnings.text()


def _warn_of_enum(warnings: Warnings, matching: Matching, enum: Enum) -> None:
    old = matching.enum_of(enum)
    name, mapped = matching.enum_name((enum.schema, enum.name))
    if old is not None and mapped is not None:
        warnings.add("mapped enums", f'"{name}"')
    if old is None and not matching.is_single(enum.name):
        warnings.add("duplicates", f'Type: "enum", name: "{name}"')
    if enum.comment:
        warnings.add("comments", f'Type: "enum", name: "{name}"')
    for label in enum.values:
        value, original = matching.value_name(label, old)
        shown = value or label
        if not value or not is_clean(shown):
            warnings.add("unnamed values", f'Enum: "{name}", value: "{shown}"')
        elif original is not None and old is not None and label in old.by_label:
            warnings.add("mapped values", f'Enum: "{name}", value: "{shown}"')


def _warn_of_model(warnings: Warnings, matching: Matching, models: Models, table: SeenTable) -> None:
    old = matching.model_of(table)
    name, _ = matching.table_name(table)
    shown = f'"{name}"'
    facts = (
        ("named ids", id_name(table, old) is not None),
        ("no columns", not table.columns),
        ("no key", bool(table.columns) and not table.usable and not (old is not None and old.ignored)),
        ("partitions", table.partitioned),
        ("inherited", table.parent_of),
        ("row security", table.row_security),
        ("mapped models", old is not None and old.map is not None),
    )
    for group, true in facts:
        if true:
            warnings.add(group, shown)
    if old is None and not matching.is_single(table.name):
        warnings.add("duplicates", f'Type: "model", name: {shown}')
    if table.comment:
        warnings.add("comments", f'Type: "model", name: {shown}')
    for check in table.checks:
        warnings.add("checks", f'Model: {shown}, constraint: "{check}"')
    for expression in table.expressions:
        warnings.add("expressions", f'Model: {shown}, constraint: "{expression}"')
    for column in table.columns:
        _warn_of_column(warnings, matching, column, old, name, "Model", "")
    for field in models.copied_from(old):
        warnings.add("copied relations", f'"{field.target.name}"')


def _warn_of_join(warnings: Warnings, matching: Matching, table: SeenTable) -> None:
    """Sides A and B go by the names of the models, which an old file may have put into another order."""
    relation = matching.joins[table.id]
    for key, expected in zip(sides(table), (relation.model_a, relation.model_b), strict=True):
        model = matching.model_of(key.target)
        if model is not None and model is not expected:
            pair = sorted((relation.model_a, relation.model_b), key=lambda old: old.place)
            warnings.add_broken(pair[0].name, pair[1].name)


def _warn_of_view(warnings: Warnings, matching: Matching, view: SeenTable) -> None:
    old = matching.view_of(view)
    name, _ = matching.view_name(view)
    if old is None and not matching.is_single(view.name):
        warnings.add("duplicates", f'Type: "view", name: "{name}"')
    if old is not None and old.map is not None:
        warnings.add("mapped views", f'"{name}"')
    if view.comment:
        warnings.add("comments", f'Type: "view", name: "{name}"')
    for column in view.columns:
        _warn_of_column(warnings, matching, column, old, name, "View", "view ")
    for field in old.relation_fields if old is not None else ():
        if field.target.name not in matching.gone:
            warnings.add("copied relations", f'"{field.target.name}"')


def _warn_of_column(
    warnings: Warnings,
    matching: Matching,
    column: SeenColumn,
    old: OldModel | None,
    owner: str,
    what: str,
    kind: str,
) -> None:
    before = matching.field_of(column, old)
    unknown = column.shape.family == "Unsupported"
    unnamed = not sanitised(column.name)
    if not (unknown or unnamed or before is not None or column.comment):
        return
    name = matching.column_name(column, old)[0] or column.name
    place = f'{what}: "{owner}", field: "{name}"'
    if before is not None and before.map is not None:
        warnings.add(f"mapped {kind}fields", place)
    if unknown:
        warnings.add(f"unknown {kind}types", f'{place}, original data type: "{column.shape.origin}"')
    if unnamed:
        warnings.add_unnamed(what, owner, name)
    if column.comment:
        warnings.add("comments", f'Type: "field", name: "{owner}.{name}"')


def _warn_of_table(warnings: Warnings, matching: Matching, table: SeenTable) -> None:
    """What is told of every table, hidden ones too."""
    if not (table.indexes or table.foreign_keys or table.excludes):
        return
    name, _ = matching.table_name(table)
    for index in table.indexes:
        for key in index.keys:
            if key.odd_nulls:
                warnings.add("null order", f'Index: "{index.name}", column: "{key.column.name}"')
        if index.deferrable and index.kind != "plain":
            warnings.add("deferring", f'Model: "{name}", constraint: "{index.name}"')
    for foreign in table.foreign_keys:
        if foreign.deferrable:
            warnings.add("deferring", f'Model: "{name}", constraint: "{foreign.name}"')
    for constraint in table.excludes:
        warnings.add("excludes", f'Model: "{name}", constraint: "{constraint}"')
