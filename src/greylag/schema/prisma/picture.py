"""A Catalog as Prisma sees it: which tables, indexes and keys it looks at, and how it reads them."""

from __future__ import annotations

from greylag.model.catalog.parts import Name
from greylag.schema.prisma.many_to_many import is_join_table
from greylag.schema.prisma.types import shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from greylag.model.catalog.catalog import Catalog
    from greylag.model.catalog.objects import Enum, View
    from greylag.model.catalog.parts import Type
    from greylag.model.catalog.sight import Sight
    from greylag.model.catalog.tables import Constraint, Index, Table
    from greylag.schema.prisma.types import Shape

    IndexKind = Literal["primary", "unique", "plain"]
else:
    IndexKind = str

Id = tuple[str, str]
"""Schema and name."""

_CLASSED = frozenset({"gist", "gin", "spgist", "brin"})
_METHODS = {"hash": "Hash", "gist": "Gist", "gin": "Gin", "spgist": "SpGist", "brin": "Brin"}
_PRISMA_MIGRATIONS = frozenset({
    "id", "checksum", "finished_at", "migration_name", "logs", "rolled_back_at", "started_at",
    "applied_steps_count",
})  # fmt: skip
_OLD_MIGRATIONS = frozenset({
    "revision", "name", "datamodel", "status", "applied", "rolled_back", "datamodel_steps",
    "database_migration", "errors", "started_at", "finished_at",
})  # fmt: skip


class SeenColumn:
    """A column. ``default`` is the expression; ``identity`` makes it count up without one."""

    __slots__ = ("comment", "default", "identity", "name", "required", "shape")

    def __init__(
        self, name: str, shape: Shape, *, required: bool, default: str | None, identity: bool, comment: str
    ) -> None:
        self.name = name
        self.shape = shape
        self.required = required
        self.default = default
        self.identity = identity
        self.comment = comment


class SeenKey:
    """A column of an index. ``odd_nulls``: NULLs are not where the direction puts them."""

    __slots__ = ("column", "descending", "odd_nulls", "opclass")

    def __init__(
        self, column: SeenColumn, *, descending: bool = False, odd_nulls: bool = False, opclass: str = ""
    ) -> None:
        self.column = column
        self.descending = descending
        self.odd_nulls = odd_nulls
        self.opclass = opclass


class SeenIndex:
    """An index, also one behind a key; ``method`` is empty for btree and for what Prisma does not know."""

    __slots__ = ("columns", "deferrable", "keys", "kind", "method", "name")

    def __init__(
        self, name: str, kind: IndexKind, keys: tuple[SeenKey, ...], method: str, *, deferrable: bool
    ) -> None:
        self.name = name
        self.kind = kind
        self.keys = keys
        self.method = method
        self.deferrable = deferrable
        self.columns = [key.column.name for key in keys]


class SeenForeignKey:
    """A foreign key between two tables that are both seen."""

    __slots__ = ("columns", "deferrable", "name", "on_delete", "on_update", "referenced", "table", "target")

    def __init__(
        self,
        name: str,
        table: SeenTable,
        columns: list[SeenColumn],
        target: SeenTable,
        referenced: list[SeenColumn],
        on_delete: str,
        on_update: str,
        *,
        deferrable: bool,
    ) -> None:
        self.name = name
        self.table = table
        self.columns = columns
        self.target = target
        self.referenced = referenced
        self.on_delete = on_delete
        self.on_update = on_update
        self.deferrable = deferrable


class SeenTable:
    """A table, or a view, which has columns alone."""

    __slots__ = (
        "checks", "columns", "comment", "excludes", "expressions", "foreign_keys", "id", "indexes", "joins",
        "name", "named", "parent_of", "partitioned", "place", "row_security", "schema", "usable",
    )  # fmt: skip

    def __init__(self, schema: str, name: str, comment: str, place: int) -> None:
        self.schema = schema
        self.name = name
        self.id: Id = (schema, name)
        self.comment = comment
        self.place = place
        self.columns: list[SeenColumn] = []
        self.named: dict[str, SeenColumn] = {}
        self.indexes: list[SeenIndex] = []
        self.foreign_keys: list[SeenForeignKey] = []
        self.checks: list[str] = []
        self.excludes: list[str] = []
        self.expressions: list[str] = []
        self.partitioned = False
        self.parent_of = False
        self.row_security = False
        self.joins = False
        self.usable = False

    @property
    def primary_key(self) -> SeenIndex | None:
        """The index behind the primary key."""
        return next((index for index in self.indexes if index.kind == "primary"), None)

    @property
    def hidden(self) -> bool:
        """Whether no model is made of it: Prisma's own bookkeeping, and join tables."""
        return self.joins or (self.name.startswith("_") and _is_bookkeeping(self))


class CrossSchemaError(Exception):
    """A foreign key leads into a schema that is not read."""

    def __init__(self, table: str, target: str, constraint: str, schema: str) -> None:
        super().__init__(constraint)
        self.table = table
        self.target = target
        self.constraint = constraint
        self.schema = schema


class Picture:
    """Everything that is seen, sorted by schema and name."""

    def __init__(self, catalog: Catalog, schemas: Sequence[str], sight: Sight, *, mend: bool = False) -> None:
        """Look at the Catalog; ``mend``: join tables as the client knows them. Raises CrossSchemaError."""
        there = {schema.name for schema in catalog.schemas}
        self.schemas = sorted(set(schemas) & there)
        read = frozenset(self.schemas)
        self.enums: list[Enum] = [enum for enum in catalog.enums if enum.schema in read and enum.values]
        self._enum_ids = {(enum.schema, enum.name) for enum in self.enums}
        self._domains = {(domain.schema, domain.name): domain for domain in catalog.domains}
        self._read = read
        self._shapes: dict[Type, Shape] = {}
        listed = [table for table in catalog.tables if table.schema in read]
        shown = [table for table in listed if _is_shown(table)]
        self.tables = [
            SeenTable(table.schema, table.name, table.comment, place) for place, table in enumerate(shown)
        ]
        self.by_id: dict[Id, SeenTable] = {table.id: table for table in self.tables}
        self._unseen = {(table.schema, table.name): frozenset(columns) for table, columns in sight.unseen}
        for table, seen in zip(shown, self.tables, strict=True):
            self._fill(seen, table)
        self._connect_all(listed, sight)
        places = {view: place for place, view in enumerate(sight.views)}
        views = sorted(
            (view for view in catalog.views if _in(view, read)),
            key=lambda view: places.get(Name(view.schema, view.name), 0),
        )
        self.views = [self._view(view, place) for place, view in enumerate(views)]
        for seen in self.tables:
            seen.joins = is_join_table(seen, any_order=mend) and not (mend and _leads_nowhere(seen))
            seen.usable = _is_usable(seen)
        if mend:
            self._lead_to_models()

    def _lead_to_models(self) -> None:
        """Every relation needs a model: no join table behind one, and none to Prisma's own bookkeeping."""
        for seen in self.tables:
            for key in seen.foreign_keys:
                key.target.joins = False
        for seen in self.tables:
            seen.foreign_keys = [key for key in seen.foreign_keys if not key.target.hidden]

    def find_enum(self, name: str, schema: str) -> Id | None:
        """The enum of that name; of any schema that is read, where its own is not."""
        if schema in self._read:
            return (schema, name) if (schema, name) in self._enum_ids else None
        return next((found for found in sorted(self._enum_ids) if found[1] == name), None)

    def _fill(self, seen: SeenTable, table: Table) -> None:
        self._fill_columns(seen, table)
        constraints: dict[str, Constraint] = {}
        for constraint in table.constraints:
            constraints[constraint.name] = constraint
            if constraint.kind == "check":
                seen.checks.append(constraint.name)
            elif constraint.kind == "exclude":
                seen.excludes.append(constraint.name)
        for index in table.indexes:
            _add_index(seen, index, constraints.get(index.constraint) if index.constraint else None)
        seen.row_security = table.row_security

    def _fill_columns(self, seen: SeenTable, table: Table | View) -> None:
        shapes = self._shapes
        unseen = self._unseen.get(seen.id, frozenset())
        for column in table.columns:
            if column.name in unseen:
                continue
            kind = column.type
            shape = shapes.get(kind)
            if shape is None:
                shape = shapes[kind] = shape_of(kind, self.find_enum, self._read)
            required = not (column.nullable or shape.array)
            if not required and not kind.nullable and not shape.array:
                required = self._is_required(kind)
            seen.columns.append(
                SeenColumn(
                    column.name,
                    shape,
                    required=required,
                    default=column.default,
                    identity=column.identity != "",
                    comment=column.comment,
                )
            )
        seen.named = {column.name: column for column in seen.columns}

    def _is_required(self, domain: Type) -> bool:
        """Whether a domain itself takes no NULL: those below it do not count for information_schema."""
        found = self._domains.get((domain.schema, domain.name))
        return not domain.array and (found is None or not found.nullable)

    def _connect_all(self, tables: Iterable[Table], sight: Sight) -> None:
        """Connect tables by their foreign keys, and to those that inherit from them."""
        clones: dict[Id, list[Constraint]] = {}
        for name, clone in sight.clones:
            clones.setdefault((name.schema, name.name), []).append(clone)
        for table in tables:
            key = (table.schema, table.name)
            constraints: Sequence[Constraint] = table.constraints
            if key in clones:
                constraints = sorted((*constraints, *clones[key]), key=lambda found: found.name)
            self._connect(table, constraints)
            if key in sight.parents and (seen := self.by_id.get(key)) is not None:
                seen.partitioned = table.kind == "partitioned"
                seen.parent_of = table.kind == "ordinary"

    def _connect(self, table: Table, constraints: Iterable[Constraint]) -> None:
        seen = self.by_id.get((table.schema, table.name))
        for constraint in constraints:
            reference = constraint.references
            if reference is None:
                continue
            there = reference.table
            if there.schema not in self._read:
                raise CrossSchemaError(
                    f"{self.schemas[0]}.{table.name}",
                    f"{there.schema}.{there.name}",
                    constraint.name,
                    there.schema,
                )
            target = self.by_id.get((there.schema, there.name))
            if seen is None or target is None:
                continue
            pairs = [
                (seen.named[column], target.named[referenced])
                for column, referenced in zip(constraint.columns, reference.columns, strict=True)
                if column in seen.named and referenced in target.named
            ]
            if pairs:
                key = SeenForeignKey(
                    constraint.name,
                    seen,
                    [column for column, _ in pairs],
                    target,
                    [column for _, column in pairs],
                    reference.on_delete,
                    reference.on_update,
                    deferrable=constraint.deferrable or constraint.deferred,
                )
                seen.foreign_keys.append(key)

    def _view(self, view: View, place: int) -> SeenTable:
        seen = SeenTable(view.schema, view.name, view.comment, place)
        self._fill_columns(seen, view)
        for column in seen.columns:
            column.required = False
        return seen


def _add_index(seen: SeenTable, index: Index, constraint: Constraint | None) -> None:
    kind = constraint.kind if constraint is not None else ""
    if index.predicate or kind == "exclude":
        return
    if any(not key.column for key in index.keys):
        seen.expressions.append(index.name)
        return
    ordered = index.method not in _METHODS and kind != "primary key"
    classed = index.method in _CLASSED
    named = seen.named
    keys = [
        SeenKey(
            named[key.column],
            descending=key.descending,
            odd_nulls=ordered and key.nulls_first != key.descending,
            opclass=key.opclass if classed and not key.default_opclass else "",
        )
        for key in index.keys
        if key.column in named
    ]
    keys += [SeenKey(named[column]) for column in index.include if column in named]
    if keys:
        what: IndexKind = "primary" if kind == "primary key" else "unique" if index.unique else "plain"
        deferrable = constraint is not None and (constraint.deferrable or constraint.deferred)
        seen.indexes.append(
            SeenIndex(index.name, what, tuple(keys), _METHODS.get(index.method, ""), deferrable=deferrable)
        )


def _is_shown(table: Table) -> bool:
    if table.kind == "partitioned":
        return True
    return table.kind == "ordinary" and table.partition is None


def _in(view: View, read: frozenset[str]) -> bool:
    return view.schema in read and view.kind == "view" and bool(view.columns)


def _leads_nowhere(join: SeenTable) -> bool:
    """Whether a side of a join table has no primary key of one column: Prisma wants a model in between."""
    keys = [side.target.primary_key for side in join.foreign_keys]
    return any(key is None or len(key.keys) != 1 for key in keys)


def _is_usable(table: SeenTable) -> bool:
    """Whether a row can be told by a key of required columns, all of types that Prisma knows."""
    return any(
        all(key.column.required and key.column.shape.family != "Unsupported" for key in index.keys)
        for index in table.indexes
        if index.kind != "plain"
    )


def _is_bookkeeping(table: SeenTable) -> bool:
    columns = table.named.keys()
    if table.name == "_prisma_migrations":
        return columns >= _PRISMA_MIGRATIONS
    if table.name == "_Migration":
        return columns >= _OLD_MIGRATIONS
    if table.name == "_RelayId":
        return "id" in columns and any(name.lower() == "stablemodelidentifier" for name in columns)
    return False
