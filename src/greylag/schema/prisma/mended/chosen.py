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
    from greylag.model.catalog.objects import Enum
    from greylag.schema.prisma.matching import Matching
    from greylag.schema.prisma.picture import Id, SeenForeignKey, SeenTable

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

    With ``by_convention`` what is new is named as the guide has it, else as Prisma would.
    """

    def __init__(self, matching: Matching, *, by_convention: bool) -> None:
        self._matching = matching
        self.by_convention = by_convention
        self.models: dict[Id, str] = {}
        self.enums: dict[Id, str] = {}
        self.fields: dict[Id, dict[str, str]] = {}
        self.values: dict[Id, dict[str, str]] = {}
        self.bonds: dict[int, Bond] = {}
        self.joins: dict[Id, Bond] = {}
        self._taken: dict[Id, set[str]] = {}
        self._name_types()
        for table in self._tables():
            self._name_fields(table)
        for enum in matching.picture.enums:
            self._name_values(enum)
        self._name_bonds()

    def _tables(self) -> list[SeenTable]:
        return [table for table in self._matching.picture.tables if not table.hidden]

    def _name_types(self) -> None:
        matching = self._matching
        taken = {*_SCALARS, *RESERVED}
        fresh: list[tuple[dict[Id, str], Id]] = []
        for table in self._tables():
            old = matching.model_of(table)
            if old is None:
                fresh.append((self.models, table.id))
            else:
                self.models[table.id] = old.name
        for enum in matching.picture.enums:
            key = (enum.schema, enum.name)
            before = matching.enum_of(enum)
            if before is None:
                fresh.append((self.enums, key))
            else:
                self.enums[key] = before.name
        taken |= {*self.models.values(), *self.enums.values()}
        for names, key in fresh:
            names[key] = _free(self._type_name(key, is_model=names is self.models), taken)

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
        old = self._matching.model_of(table)
        names = {}
        taken: set[str] = set()
        for column in table.columns:
            before = self._matching.field_of(column, old)
            if before is not None and is_clean(before.name) and before.name not in taken:
                names[column.name] = before.name
                taken.add(before.name)
        for place, column in enumerate(table.columns, 1):
            if column.name not in names:
                made = camel(column.name) if self.by_convention else sanitised(column.name)
                names[column.name] = _free(made or f"field{place}", taken)
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
        for place, label in enumerate(enum.values, 1):
            if label not in names:
                made = sanitised(label) if label else "EMPTY_ENUM_VALUE"
                names[label] = _free(made or f"value{place}", taken)
        self.values[enum.schema, enum.name] = names

    def _name_bonds(self) -> None:
        matching = self._matching
        tables = matching.picture.tables
        ambiguous = ambiguous_pairs(tables)
        keys = [key for table in self._tables() for key in distinct_keys(table) if not key.target.hidden]
        joined = [table for table in tables if table.joins]
        self._keep_bonds(keys, joined)
        several = _several(keys, joined)
        for key in keys:
            if id(key) in self.bonds:
                continue
            if self.by_convention:
                self._bind(key, named=frozenset((key.table.id, key.target.id)) in several)
            else:
                names = default_names(key, ambiguous)
                forward = self._field(key.table, names.forward)
                self.bonds[id(key)] = Bond(names.relation, forward, self._field(key.target, names.back))
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
        for table in joined:
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
        stem = without_key(key.columns[0].name) if len(key.columns) == 1 else ""
        forward = self._field(key.table, camel(stem) or camel(parent), otherwise="Relation")
        back = camel(child) if is_to_one(key) else camel(key.table.name) or camel(child)
        if named:
            back = f"{back}As{pascal(forward)}"
        relation = f"{child}{pascal(forward)}" if named else ""
        self.bonds[id(key)] = Bond(relation, forward, self._field(key.target, back))

    def _join(self, table: SeenTable, ambiguous: set[tuple[int, int]]) -> None:
        names = default_join_names(table, ambiguous)
        a, b = _ends(table)
        forward, back = names.forward, names.back
        if self.by_convention and a is not b and (a.place, b.place) not in ambiguous:
            forward, back = camel(b.name) or forward, camel(a.name) or back
        # always named: without, Prisma adds the name on its second pull
        self.joins[table.id] = Bond(table.name[1:], self._field(a, forward), self._field(b, back))

    def _field(self, table: SeenTable, name: str, otherwise: str = "_relation") -> str:
        taken = self._taken[table.id]
        if name in taken:
            name = f"{name}{otherwise if self.by_convention else '_relation'}"
        return _free(name, taken)


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
