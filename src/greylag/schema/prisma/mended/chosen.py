"""What everything is called: as the file has it, else so that nothing clashes and Prisma takes it."""

from __future__ import annotations

from greylag.model.records import NamedTuple
from greylag.schema.prisma.mended.words import camel, pascal, singular, without_key
from greylag.schema.prisma.names import RESERVED, is_clean, sanitised
from greylag.schema.prisma.relations import (
    ambiguous_pairs,
    default_join_names,
    default_names,
    distinct_keys,
    is_to_one,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.model.catalog.objects import Enum
    from greylag.schema.prisma.matching import Matching
    from greylag.schema.prisma.picture import Id, SeenForeignKey, SeenTable
    from greylag.schema.prisma.previous import OldModel, OldRelationField
    from greylag.schema.prisma.relations import RelationNames

_SCALARS = frozenset(
    ("String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes", "Unsupported")
)


class Bond(NamedTuple):
    """A relation: its own name, which may be empty, and those of its fields in the two models."""

    relation: str
    forward: str
    back: str


class Chosen:
    """Names of models, enums, fields, values and relations, by what they are called in the database.

    With ``by_convention`` what is new is named as the guide has it, else as Prisma would. ``views`` are those
    that get a block. Without ``keys`` relations are the old file's alone, and get no names here.
    """

    def __init__(
        self,
        matching: Matching,
        *,
        by_convention: bool,
        views: Sequence[SeenTable] = (),
        keys: bool = True,
    ) -> None:
        self._matching = matching
        self.by_convention = by_convention
        self._keys = keys
        self.views = views
        self.models: dict[Id, str] = {}
        self.enums: dict[Id, str] = {}
        self.fields: dict[Id, dict[str, str]] = {}
        self.values: dict[Id, dict[str, str]] = {}
        self.bonds: dict[int, Bond] = {}
        self.joins: dict[Id, Bond] = {}
        self._taken: dict[Id, set[str]] = {}
        self._relations: set[str] = set()
        self._types = {*_SCALARS, *RESERVED}
        shown = [table for table in matching.picture.tables if not table.hidden]
        self._name_types([*shown, *views], matching.picture.enums)
        turned = [table for table in matching.picture.tables if table.joins and self._is_turned(table)]
        for table in turned:
            table.joins = False
        self._name_types(turned, ())
        self.tables = [table for table in matching.picture.tables if not table.hidden]
        for table in (*self.tables, *views):
            self._name_fields(table)
        for enum in matching.picture.enums:
            self._name_values(enum)
        if keys:
            self._name_bonds()

    def old_of(self, table: SeenTable) -> OldModel | None:
        """The block the old file has for a table or a view."""
        return self._matching.model_of(table) or self._matching.view_of(table)

    def copied(self, table: SeenTable) -> list[OldRelationField]:
        """The relation fields that the old file alone can tell: to and from views, all without keys."""
        old = self.old_of(table)
        return [
            field
            for field in (old.relation_fields if old is not None else ())
            if (not self._keys or field.target.is_view or field.model.is_view)
            and field.target.name not in self._matching.gone
        ]

    def _is_turned(self, join: SeenTable) -> bool:
        """Whether the client would take A for B: to it A is the model whose name sorts first."""
        a, b = _ends(join)
        return self.models[a.id] > self.models[b.id]

    def _name_types(self, tables: Sequence[SeenTable], enums: Sequence[Enum]) -> None:
        matching = self._matching
        fresh: list[tuple[dict[Id, str], Id]] = []
        for table in tables:
            old = self.old_of(table)
            if old is None:
                fresh.append((self.models, table.id))
            else:
                self.models[table.id] = old.name
        for enum in enums:
            key = (enum.schema, enum.name)
            before = matching.enum_of(enum)
            if before is None:
                fresh.append((self.enums, key))
            else:
                self.enums[key] = before.name
        taken = self._types
        taken |= {*self.models.values(), *self.enums.values()}
        made = [self._type_name(key, is_model=names is self.models) for names, key in fresh]
        # a name that is good as it is goes before one that has to be made
        for (names, key), name in sorted(
            zip(fresh, made, strict=True), key=lambda each: each[1] != each[0][1][1]
        ):
            is_enum = names is self.enums
            names[key] = _free(f"{name}Enum" if is_enum and name in taken else name, taken)

    def _type_name(self, key: Id, *, is_model: bool) -> str:
        schema, name = key
        if self.by_convention:
            made = pascal(singular(name) if is_model else name)
            made = made or pascal(f"{schema}_model")
        else:
            made = sanitised(name) or f"{sanitised(schema)}_model"
        if made in RESERVED or made in _SCALARS:
            made = f"{made}Model" if is_model else f"{made}Enum"
        return made

    def _name_fields(self, table: SeenTable) -> None:
        old = self.old_of(table)
        names = {}
        taken = {field.name for field in self.copied(table)}
        for column in table.columns:
            before = self._matching.field_of(column, old)
            if before is not None and is_clean(before.name) and before.name not in taken:
                names[column.name] = before.name
                taken.add(before.name)
        made = {
            column.name: (camel if self.by_convention else sanitised)(column.name) or f"field{place}"
            for place, column in enumerate(table.columns, 1)
            if column.name not in names
        }
        for original, name in sorted(made.items(), key=lambda each: each[0] != each[1]):
            names[original] = _free(name, taken)
        self.fields[table.id] = names
        self._taken[table.id] = taken

    def _name_values(self, enum: Enum) -> None:
        old = self._matching.enum_of(enum)
        names = {}
        taken: set[str] = set()
        for label in enum.values:
            value = old.by_label.get(label) if old is not None else None
            if value is not None and value.name not in taken:
                names[label] = value.name
                taken.add(value.name)
        made = {
            label: (sanitised(label) if label else "EMPTY_ENUM_VALUE") or f"value{place}"
            for place, label in enumerate(enum.values, 1)
            if label not in names
        }
        for label, name in sorted(made.items(), key=lambda each: each[0] != each[1]):
            names[label] = _free(name, taken)
        self.values[enum.schema, enum.name] = names

    def _name_bonds(self) -> None:
        matching = self._matching
        tables = matching.picture.tables
        ambiguous = ambiguous_pairs(tables)
        keys = [key for table in self.tables for key in distinct_keys(table) if not key.target.hidden]
        joined = [table for table in tables if table.joins]
        self._keep_bonds(keys, joined)
        several = _several(keys, joined)
        for key in keys:
            if id(key) in self.bonds:
                continue
            named = frozenset((key.table.id, key.target.id)) in several
            if self.by_convention:
                self._bind(key, named=named)
            else:
                self._bind_plainly(key, default_names(key, ambiguous), named=named)
        for table in joined:
            if table.id not in self.joins:
                self._join(table, ambiguous)

    def _keep_bonds(self, keys: list[SeenForeignKey], joined: list[SeenTable]) -> None:
        """What the file has, as far as it is told on both sides and clashes with nothing."""
        matching = self._matching
        for key in keys:
            old = matching.relation_of(key)
            if old is None or old.forward is None or old.back is None:
                continue
            forward, back = old.forward.name, old.back.name
            if forward in self._taken[key.table.id] or back in self._taken[key.target.id]:
                continue
            self._taken[key.table.id].add(forward)
            self._taken[key.target.id].add(back)
            self.bonds[id(key)] = Bond(old.back.explicit or "", forward, back)
            self._relations.add(old.back.explicit or "")
        for table in joined:
            self._relations.add(table.name[1:])  # which says what the table is called
            join = matching.joins.get(table.id)
            if join is None or join.forward is None or join.back is None:
                continue
            a, b = _ends(table)
            self._taken[a.id].add(join.forward.name)
            self._taken[b.id].add(join.back.name)
            self.joins[table.id] = Bond(join.name, join.forward.name, join.back.name)

    def _bind(self, key: SeenForeignKey, *, named: bool) -> None:
        """A new relation by the convention: ``author`` and ``posts``, or ``postsAsAuthor`` of several."""
        child, parent = self.models[key.table.id], self.models[key.target.id]
        fields = "_".join(self.fields[key.table.id][column.name] for column in key.columns)
        stem = camel(without_key(key.columns[0].name)) if len(key.columns) == 1 else ""
        what = stem or camel(fields)
        other = f"{camel(parent)}By{pascal(fields)}" if named else camel(parent)
        forward = self._field(key.table, stem or other, otherwise="Relation")
        to_one = is_to_one(key)
        back = camel(child) if to_one else camel(key.table.name) or camel(child)
        if stem == "parent" and key.table is key.target:
            back = "child" if to_one else "children"
        elif named:
            back = f"{back}As{pascal(what)}"
        relation = _free(f"{child}{pascal(what)}", self._relations) if named else ""
        self.bonds[id(key)] = Bond(relation, forward, self._field(key.target, back))

    def _bind_plainly(self, key: SeenForeignKey, names: RelationNames, *, named: bool) -> None:
        """As Prisma has it, made of the tables' names; of the models' where that is not enough."""
        forward, back, relation = names.forward, names.back, names.relation
        if not _can_stand(forward, back) or (named and not relation):
            child, parent = self.models[key.table.id], self.models[key.target.id]
            own = self.fields[key.table.id]
            relation = f"{child}_{'_'.join(own[column.name] for column in key.columns)}To{parent}"
            forward, back = (f"{parent}_{relation}", f"{child}_{relation}") if named else (parent, child)
            relation = relation if named else ""
        relation = _free(relation, self._relations) if relation else ""
        self.bonds[id(key)] = Bond(relation, self._field(key.table, forward), self._field(key.target, back))

    def _join(self, table: SeenTable, ambiguous: set[tuple[int, int]]) -> None:
        names = default_join_names(table, ambiguous)
        a, b = _ends(table)
        forward, back = (names.forward, names.back) if a.place <= b.place else (names.back, names.forward)
        if a is b and (self.by_convention or not _can_stand(forward, back)):
            # Prisma tells the sides of a relation to itself by the order of the fields' names
            stem = camel(table.name) or camel(self.models[a.id])
            forward, back = f"{stem}A", f"{stem}B"
        elif not _can_stand(forward, back):
            forward, back = self.models[b.id], self.models[a.id]
        elif self.by_convention and (a.place, b.place) not in ambiguous:
            forward, back = camel(b.name) or forward, camel(a.name) or back
        # always named: without, Prisma adds the name on its second pull
        self.joins[table.id] = Bond(table.name[1:], self._field(a, forward), self._field(b, back))

    def _field(self, table: SeenTable, name: str, otherwise: str = "_relation") -> str:
        taken = self._taken[table.id]
        if name in taken:
            name = f"{name}{otherwise if self.by_convention else '_relation'}"
        return _free(name, taken)


def _can_stand(*names: str) -> bool:
    return all(name and is_clean(name) for name in names)


def _ends(table: SeenTable) -> tuple[SeenTable, SeenTable]:
    """The tables of a join table's sides, A first."""
    from greylag.schema.prisma.many_to_many import sides

    a, b = sides(table)
    return a.target, b.target


def _several(keys: list[SeenForeignKey], joined: list[SeenTable]) -> set[frozenset[Id]]:
    """Pairs of tables with more than one relation between them, and tables with one to themselves."""
    counts: dict[frozenset[Id], int] = {}
    for key in keys:
        pair = frozenset((key.table.id, key.target.id))
        counts[pair] = counts.get(pair, 0) + (2 if len(pair) == 1 else 1)
    for table in joined:
        pair = frozenset(end.id for end in _ends(table))
        counts[pair] = counts.get(pair, 0) + 1
    return {pair for pair, count in counts.items() if count > 1}


def _free(name: str, taken: set[str]) -> str:
    """The name, or with a number behind it where it is taken; takes it."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}{number}"
    taken.add(found)
    return found
