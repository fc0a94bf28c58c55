"""What Prisma writes above a model about the things it cannot express."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.schema.prisma.matching import Matching
    from greylag.schema.prisma.picture import SeenTable
    from greylag.schema.prisma.previous import OldModel
    from greylag.schema.prisma.relations import Relations

RESERVED = (
    "This {kind} has been renamed to '{name}' during introspection, because the original name '{original}' "
    "is reserved."
)
_PARTITION = (
    "This table is a partition table and requires additional setup for migrations. "
    "Visit https://pris.ly/d/partition-tables for more info."
)
_SUBCLASSES = (
    "This table has subclasses and requires additional setup for migrations. "
    "Visit https://pris.ly/d/table-inheritance for more info."
)
_CHECKS = (
    "This table contains check constraints and requires additional setup for migrations. "
    "Visit https://pris.ly/d/check-constraints for more info."
)
_EXCLUDES = (
    "This table contains exclusion constraints and requires additional setup for migrations. "
    "Visit https://pris.ly/d/exclusion-constraints for more info."
)
_NO_COLUMNS = (
    "We could not retrieve columns for the underlying table. Either it has none or you are missing rights "
    "to see them. Please check your privileges."
)
NO_KEY = (
    "The underlying table does not contain a valid unique identifier and can therefore currently not be "
    "handled by Prisma Client."
)
_DEFERRING = (
    "This model has constraints using non-default deferring rules and requires additional setup for "
    "migrations. Visit https://pris.ly/d/constraint-deferring for more info."
)
_ROW_SECURITY = (
    "This model contains row level security and requires additional setup for migrations. "
    "Visit https://pris.ly/d/row-level-security for more info."
)
_NULL_ORDER = (
    "This model contains an index with non-default null sort order and requires additional setup for "
    "migrations. Visit https://pris.ly/d/default-index-null-ordering for more info."
)
_EXPRESSIONS = (
    "This model contains an expression index which requires additional setup for migrations. "
    "Visit https://pris.ly/d/expression-indexes for more info."
)
_MODEL_COMMENTS = (
    "This {kind} or at least one of its fields has comments in the database, and requires an additional "
    "setup for migrations: Read more: https://pris.ly/d/database-comments"
)
ENUM_COMMENT = (
    "This enum is commented in the database, and requires an additional setup for migrations: "
    "Read more: https://pris.ly/d/database-comments"
)
NO_NAME = (
    "This field was commented out because of an invalid name. "
    "Please provide a valid one that matches [a-zA-Z][a-zA-Z0-9_]*"
)


def model_docs(matching: Matching, relations: Relations, table: SeenTable, old: OldModel | None) -> list[str]:
    """The documentation of a model: what it had, then the notes that this does not contain yet."""
    notes = [note for note, due in _due(matching, relations, table, old) if due]
    if matching.mend:  # the others speak of migrations that Prisma would make
        notes = [note for note in notes if note in (_NO_COLUMNS, NO_KEY)]
    if old is None or not old.docs:
        return list(dict.fromkeys(notes))
    docs = "\n".join(old.docs)
    for note in notes:
        if note not in docs:
            docs = f"{docs}\n{note}"
    return docs.split("\n")


def view_docs(view: SeenTable, name: str, mapped: str | None, old: OldModel | None) -> list[str]:
    """The documentation of a view."""
    if old is not None:
        return list(old.docs)
    docs = []
    if mapped is not None and name == f"Renamed{mapped}":
        docs.append(RESERVED.format(kind="view", name=name, original=mapped))
    if view.comment or any(column.comment for column in view.columns):
        docs.append(_MODEL_COMMENTS.format(kind="view"))
    return docs


def _due(
    matching: Matching, relations: Relations, table: SeenTable, old: OldModel | None
) -> list[tuple[str, bool]]:
    new = old is None
    no_columns = not table.columns
    name, mapped = matching.table_name(table)
    reserved = new and mapped is not None and name == f"Renamed{mapped}"
    return [
        (RESERVED.format(kind="model", name=name, original=mapped) if reserved else "", reserved),
        (_PARTITION, new and table.partitioned),
        (_SUBCLASSES, new and table.parent_of),
        (_CHECKS, new and bool(table.checks)),
        (_EXCLUDES, new and bool(table.excludes)),
        (_NO_COLUMNS, no_columns),
        (NO_KEY, not no_columns and not table.usable and not (old is not None and old.ignored)),
        (_MODEL_COMMENTS.format(kind="model"), new and _is_commented(table)),
        (_DEFERRING, new and _is_deferrable(relations, table)),
        (_ROW_SECURITY, new and table.row_security),
        (_NULL_ORDER, _has_odd_nulls(table, old)),
        (_EXPRESSIONS, bool(table.expressions)),
    ]


def _is_commented(table: SeenTable) -> bool:
    return bool(table.comment) or any(column.comment for column in table.columns)


def _is_deferrable(relations: Relations, table: SeenTable) -> bool:
    return any(index.deferrable for index in table.indexes if index.kind != "plain") or any(
        key.deferrable for key in relations.keys_of(table)
    )


def _has_odd_nulls(table: SeenTable, old: OldModel | None) -> bool:
    """Whether an index that the old file does not have puts NULLs where its direction does not."""
    for index in table.indexes:
        if any(key.odd_nulls for key in index.keys):
            before = old.index_for(index.name) if old is not None else None
            known = len(before.fields) if before is not None else 0
            if any(key.odd_nulls for key in index.keys[known:]):
                return True
    return False
