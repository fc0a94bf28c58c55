"""Relation fields: which a model has, in which order, and what they and their relations are called."""

from __future__ import annotations

from greylag.schema.prisma.many_to_many import sides
from greylag.schema.prisma.matching import database_name
from greylag.schema.prisma.names import foreign_key_name, quoted, sanitised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.schema.prisma.matching import Matching
    from greylag.schema.prisma.picture import Id, SeenForeignKey, SeenTable
    from greylag.schema.prisma.previous import OldModel, OldRelationField

    Cells = tuple[str, str, str]

_ON_DELETE = {
    "cascade": ("Cascade", "Cascade"),
    "set default": ("SetDefault", "SetDefault"),
    "no action": ("NoAction", "NoAction"),
    "set null": ("", "SetNull"),
    "restrict": ("Restrict", ""),
}
"""What a rule is called: for a relation that may be absent, and for one that may not."""

_ON_UPDATE = {
    "cascade": "",
    "set default": "SetDefault",
    "no action": "NoAction",
    "set null": "SetNull",
    "restrict": "Restrict",
}


class RelationNames:
    """A relation's own name (often none), and the names of its two fields."""

    __slots__ = ("back", "forward", "relation")

    def __init__(self, relation: str, forward: str, back: str) -> None:
        self.relation = relation
        self.forward = forward
        self.back = back


class Relations:
    """All relations of a database. Names are made of those in the database, whatever an old file says."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._names: dict[int, RelationNames] = {}
        self._join_names: dict[Id, RelationNames] = {}
        self._fields: dict[Id, list[Callable[[], Cells]]] = {}
        self._join_fields: dict[Id, list[Callable[[], Cells]]] = {}
        tables = matching.picture.tables
        ambiguous = ambiguous_pairs(tables)
        for table in tables:
            if table.joins:
                self._join_names[table.id] = default_join_names(table, ambiguous)
                self._place_join(table)
                continue
            for key in distinct_keys(table):
                self._names[id(key)] = default_names(key, ambiguous)
                self._place(key)

    def fields_of(self, table: SeenTable) -> Iterator[Cells]:
        """The relation fields of a table's model: name, type and attributes, as cells of its rows."""
        for make in self._fields.get(table.id, ()):
            yield make()
        for make in self._join_fields.get(table.id, ()):
            yield make()

    def keys_of(self, table: SeenTable) -> list[SeenForeignKey]:
        """The foreign keys of a table that are rendered."""
        return [key for key in table.foreign_keys if id(key) in self._names]

    def _place(self, key: SeenForeignKey) -> None:
        self._fields.setdefault(key.table.id, []).append(lambda: self._forward(key))
        self._fields.setdefault(key.target.id, []).append(lambda: self._back(key))

    def _place_join(self, table: SeenTable) -> None:
        a, b = sides(table)
        names = self._join_names[table.id]
        old = self._matching.joins.get(table.id)
        forward, back, relation = names.forward, names.back, names.relation
        if old is not None:
            relation = old.name
            # of a relation to itself Prisma gives the names up
            kept = self._matching.mend or old.model_a is not old.model_b
            if kept and old.forward is not None and old.back is not None:
                forward, back = old.forward.name, old.back.name
        attribute = f"@relation({quoted(relation)})" if relation else ""
        for owner, other, name in ((a.target, b.target, forward), (b.target, a.target, back)):
            self._join_fields.setdefault(owner.id, []).append(self._list(name, other, attribute))

    def _list(self, name: str, other: SeenTable, attribute: str) -> Callable[[], Cells]:
        return lambda: (name, f"{self._matching.table_name(other)[0]}[]", attribute)

    def _forward(self, key: SeenForeignKey) -> Cells:
        matching = self._matching
        names = self._names[id(key)]
        old = matching.relation_of(key)
        before = old.forward if old is not None else None
        name, relation = names.forward, names.relation
        if old is not None and before is not None and old.back is not None:
            name, relation = before.name, old.back.explicit or ""
        arguments = [quoted(relation)] if relation else []
        arguments.append(f"fields: [{_columns(matching, key.table, key, own=True)}]")
        arguments.append(f"references: [{_columns(matching, key.target, key, own=False)}]")
        required = [column.required for column in key.columns]
        on_delete = _ON_DELETE[key.on_delete][any(required)]
        if on_delete:
            arguments.append(f"onDelete: {on_delete}")
        on_update = _ON_UPDATE[key.on_update]
        if on_update:
            arguments.append(f"onUpdate: {on_update}")
        mapped = before.mapped if before is not None else None
        if mapped is None:
            default = foreign_key_name(key.table.name, [column.name for column in key.columns])
            mapped = None if key.name == default else key.name
        if mapped is not None:
            arguments.append(f"map: {quoted(mapped)}")
        attribute = f"@relation({', '.join(arguments)})"
        if _needs_ignore(key, before.model if before is not None else None, key.table):
            attribute += " @ignore"
        mark = "" if all(required) else "?"
        return name, matching.table_name(key.target)[0] + mark, attribute

    def _back(self, key: SeenForeignKey) -> Cells:
        matching = self._matching
        names = self._names[id(key)]
        old = matching.relation_of(key)
        before = old.back if old is not None else None
        name, relation = names.back, names.relation
        if old is not None and before is not None and old.forward is not None:
            name, relation = before.name, before.explicit or ""
        attribute = f"@relation({quoted(relation)})" if relation else ""
        # Prisma asks the model on the other side of the old field whether this one was ignored
        asked = None if before is None else before.model if matching.mend else before.target
        if _needs_ignore(key, asked, key.target):
            attribute = f"{attribute} @ignore".lstrip()
        mark = "?" if is_to_one(key) else "[]"
        return name, matching.table_name(key.table)[0] + mark, attribute


def copied(field: OldRelationField) -> Cells:
    """A relation field as the old file has it: where keys are not used, and to and from views."""
    mark = {"optional": "?", "list": "[]"}.get(field.field.arity, "")
    attribute = ""
    if field.attribute is not None:
        arguments = [quoted(field.explicit)] if field.explicit else []
        if field.fields:
            arguments.append(f"fields: [{', '.join(field.fields)}]")
        if field.references:
            arguments.append(f"references: [{', '.join(field.references)}]")
        for rule in ("onDelete", "onUpdate"):
            action = field.action(rule)
            if action is not None:
                arguments.append(f"{rule}: {action}")
        if field.mapped is not None:
            arguments.append(f"map: {quoted(field.mapped)}")
        attribute = f"@relation({', '.join(arguments)})" if arguments else "@relation"
    if field.ignored:
        attribute = f"{attribute} @ignore".lstrip()
    return field.name, field.target.name + mark, attribute


def is_ignored(table: SeenTable, old: OldModel | None) -> bool:
    """Whether a model is left out of the client: by a person's word, or for want of a key."""
    return (old is not None and old.ignored) or (not table.usable and bool(table.columns))


def _needs_ignore(key: SeenForeignKey, old: OldModel | None, table: SeenTable) -> bool:
    return (not key.table.usable or not key.target.usable) and not is_ignored(table, old)


def _columns(matching: Matching, table: SeenTable, key: SeenForeignKey, *, own: bool) -> str:
    old = matching.model_of(table)
    columns = key.columns if own else key.referenced
    return ", ".join(matching.column_name(column, old)[0] for column in columns)


def is_to_one(key: SeenForeignKey) -> bool:
    """Whether a row is referred to by at most one: some unique index has no column beside the key's."""
    columns = {column.name for column in key.columns}
    return any(columns.issuperset(index.columns) for index in key.table.indexes if index.kind != "plain")


def distinct_keys(table: SeenTable) -> Iterator[SeenForeignKey]:
    """The keys of a table without those that repeat another's columns and target."""
    met = set()
    for key in table.foreign_keys:
        what = (_over(key), key.target.id, tuple(column.name for column in key.referenced))
        if what not in met:
            met.add(what)
            yield key


def _over(key: SeenForeignKey) -> tuple[str, ...]:
    return tuple(column.name for column in key.columns)


Pair = tuple[int, int]


def _pair(one: SeenTable, other: SeenTable) -> Pair:
    return (one.place, other.place) if one.place <= other.place else (other.place, one.place)


def _join_pair(table: SeenTable) -> Pair:
    first, second = table.foreign_keys
    return _pair(first.target, second.target)


def ambiguous_pairs(tables: list[SeenTable]) -> set[Pair]:
    """Pairs of tables between which a relation needs a name: several, or a field named like its column."""
    inline: dict[Pair, set[tuple[Id, tuple[str, ...]]]] = {}
    joins: dict[Pair, int] = {}
    found: set[Pair] = set()
    for table in tables:
        for key in table.foreign_keys:
            pair = _pair(table, key.target)
            inline.setdefault(pair, set()).add((table.id, _over(key)))
            field = database_name(key.target.name)
            if not table.joins and any(field == sanitised(column.name) for column in key.columns):
                found.add(pair)
        if table.joins:
            pair = _join_pair(table)
            joins[pair] = joins.get(pair, 0) + 1
    found.update(pair for pair, keys in inline.items() if len(keys) > 1)
    found.update(pair for pair, count in joins.items() if count > 1 or pair in inline)
    return found


def default_names(key: SeenForeignKey, ambiguous: set[Pair]) -> RelationNames:
    """What Prisma calls a relation over a key that no old file names."""
    referencing, referenced = database_name(key.table.name), database_name(key.target.name)
    itself = key.table is key.target
    other = f"other_{referencing}" if itself else referencing
    if _pair(key.table, key.target) not in ambiguous:
        return RelationNames(f"{referencing}To{referenced}" if itself else "", referenced, other)
    columns = "_".join(sanitised(column.name) for column in key.columns)
    name = f"{referencing}_{columns}To{referenced}"
    return RelationNames(name, f"{referenced}_{name}", f"{other}_{name}")


def default_join_names(table: SeenTable, ambiguous: set[Pair]) -> RelationNames:
    """The same of a join table; the forward field is that of the side that sorts first."""
    first, second = sorted(table.foreign_keys, key=lambda key: key.target.place)
    itself = first.target is second.target
    a, b = database_name(first.target.name), database_name(second.target.name)
    name, suffix = table.name[1:], ""
    if _join_pair(table) in ambiguous:
        suffix = table.name
    elif name == f"{a}To{b}" and not itself:
        name = ""
    return RelationNames(name, f"{b}{suffix}{'_A' if itself else ''}", f"{a}{suffix}{'_B' if itself else ''}")
