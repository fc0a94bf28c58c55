"""sqlacodegen's generator, with our own names, columns and keys in the classes it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlacodegen.generators import DeclarativeGenerator
from sqlacodegen.models import ColumnAttribute, Model, ModelClass, RelationshipType
from sqlalchemy import UniqueConstraint

from greylag.model.catalog.parts import Name
from greylag.schema.models import relations
from greylag.schema.models.arguments import arguments, table_options
from greylag.schema.models.columns import annotation, column
from greylag.schema.models.names import ORM_GLOBALS, ORM_RESERVED, Words, attribute, free, identifier
from greylag.schema.models.writing import Group, docstring, mapping, sequence, statement, string

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from greylag.model.catalog.parts import Column
    from greylag.schema.models.columns import Context
    from greylag.schema.models.kinds import Kind
    from greylag.schema.models.skeleton import Skeleton


class Generator(DeclarativeGenerator):
    """Which table is a class, which a join table; both sides of every reference, and their names.

    ``names`` are the classes' (and, of what is no class, the variables'), ``taken`` every other name of the
    file. ``kinds`` are the columns' types, by table and column.
    """

    def __init__(
        self,
        skeleton: Skeleton,
        names: Mapping[Name, str],
        kinds: Mapping[tuple[Name, str], Kind],
        taken: Collection[str],
    ) -> None:
        # A connection is asked for and, as types and expressions are ours, never used.
        super().__init__(skeleton, cast("Any", None), ["use_inflect", "nojoined"])
        self.inflect_engine = cast("Any", Words())
        self._names = names
        self._kinds = kinds
        self._taken = {*ORM_GLOBALS, *taken, *names.values()}

    def generate_models(self) -> list[Model]:
        """The tables as classes or as tables, in their order, with relationships and all names."""
        models: dict[Name, Model] = {}
        links: list[Model] = []
        for table in self.metadata.sorted_tables:
            context = context_of(Model(table))
            if not context.key or is_link(context):
                model = models[_name(table)] = Model(table)
                if context.key:
                    links.append(model)
                continue
            whole = models[_name(table)] = ModelClass(table)
            whole.columns = [ColumnAttribute(whole, each) for each in table.c]
        by_text = {
            f"{name.schema}.{name.name}" if name.schema else name.name: m for name, m in models.items()
        }
        for model in models.values():
            if isinstance(model, ModelClass):
                mine = [each for each in links if _first_end(each) is model.table]
                self.generate_relationships(model, by_text, mine)
        for model in models.values():
            model.name = self._names[_name(model.table)]
            if isinstance(model, ModelClass):
                self._name_columns(model)
        for model in models.values():
            if isinstance(model, ModelClass):
                _see_unique_ends(model)
        for model in models.values():
            if isinstance(model, ModelClass):
                self._name_relationships(model)
        return list(models.values())

    def _name_columns(self, model: ModelClass) -> None:
        taken: set[str] = set()
        for each in model.columns:
            each.name = attribute(each.column.name, self._taken, taken)
            taken.add(each.name)

    def _name_relationships(self, model: ModelClass) -> None:
        taken = {each.name for each in model.columns}
        # A name that a column gives goes before one that is only its table's; the order in the class stays.
        for each in sorted(model.relationships, key=relations.is_named_by_column, reverse=True):
            preferred = relations.name_of(each)
            if preferred:
                each.name = self.find_free_name(preferred, self._taken, taken)
            else:
                self.generate_relationship_name(each, self._taken, taken)
            taken.add(each.name)
        relations.settle(model)

    def find_free_name(self, name: str, global_names: set[str], local_names: Collection[str] = ()) -> str:
        """A name for a relationship, beginning with a small letter."""
        found = identifier(name).strip("_") or "other"
        found = identifier(found if not found[:1].isupper() else found[:1].lower() + found[1:])
        return free(found, ORM_RESERVED, global_names, local_names)

    def render_class(self, model: ModelClass) -> str:
        """The class: what it is, its table, its columns in their order, its relationships."""
        context = context_of(model)
        lines = [f"class {model.name}(Base):"]
        about = docstring(context.table.comment)
        lines += [*about, ""] if about else []
        lines.append(f"    __tablename__ = {string(context.table.name)}")
        beside = self._beside(context)
        if beside is not None:
            lines += statement("__table_args__ = ", beside, 4)
        lines.append("")
        for each, found in zip(model.columns, context.table.columns, strict=True):
            kind = self._kind(context, found)
            value = column(found, kind, context, attribute=each.name)
            lines += statement(f"{each.name}: Mapped[{annotation(found, kind)}] = ", value, 4)
        overlaps = relations.overlapping(model)
        if model.relationships:
            lines.append("")
        for each_end in model.relationships:
            value = relations.expression(each_end, overlaps.get(each_end.name, ()))
            lines += statement(f"{each_end.name}: Mapped[{relations.annotation(each_end)}] = ", value, 4)
        return "\n".join(lines)

    def _beside(self, context: Context) -> Group | None:
        found: list[str | Group] = [*arguments(context)]
        options = table_options(context.table, context.engine)
        if options and not found:
            return mapping(options)
        return sequence([*found, mapping(options)] if options else found, "(", ")") if found else None

    def _kind(self, context: Context, found: Column) -> Kind:
        return self._kinds[Name(context.table.schema, context.table.name), found.name]

    def render_models(self, models: list[Model]) -> str:
        """Everything, two empty lines between."""
        return "\n\n\n".join(
            self.render_class(each) if isinstance(each, ModelClass) else self._table(each) for each in models
        )

    def _table(self, model: Model) -> str:
        context = context_of(model)
        return table_object(model.name, context, self._kinds)


def table_object(
    name: str, context: Context, kinds: Mapping[tuple[Name, str], Kind], *, metadata: str = "Base.metadata"
) -> str:
    """A ``sa.Table(…)`` in a variable."""
    table = context.table
    place = Name(table.schema, table.name)
    items: list[tuple[str, str | Group]] = [("", string(table.name)), ("", metadata)]
    items += [("", column(each, kinds[place, each.name], context)) for each in table.columns]
    items += [("", each) for each in arguments(context)]
    items += [(f"{key}=", value) for key, value in table_options(table, context.engine).items()]
    return "\n".join(statement(f"{name}: sa.Table = ", Group("sa.Table(", tuple(items))))


def context_of(model: Model) -> Context:
    """What the skeleton keeps with a table."""
    return cast("Context", model.table.info["context"])


def is_link(context: Context) -> bool:
    """Whether a table does nothing but join two: two references, which are all its columns and its key."""
    if len(context.foreign) != 2:
        return False
    first, second = (each.columns for each in context.foreign)
    columns = sorted(each.name for each in context.table.columns)
    return sorted((*first, *second)) == columns == sorted(context.key)


def _name(table: Any) -> Name:
    return Name(table.schema or "", table.name)


def _first_end(link: Model) -> Any:
    from sqlacodegen.utils import get_constraint_sort_key

    return min(link.table.foreign_key_constraints, key=get_constraint_sort_key).referred_table


def _see_unique_ends(model: ModelClass) -> None:
    """A reference whose columns hold a whole unique key has one row at most at its other end."""
    keys = [set(model.table.primary_key.columns.keys())]
    keys += [
        set(each.columns.keys()) for each in model.table.constraints if isinstance(each, UniqueConstraint)
    ]
    for each in model.relationships:
        if each.association_table or each.constraint is None or not relations.is_referring(each):
            continue
        columns = {key.name for key in each.constraint.columns}
        each.type = RelationshipType.MANY_TO_ONE
        if each.backref is not None and any(key and key <= columns for key in keys):
            each.backref.type = RelationshipType.ONE_TO_ONE
