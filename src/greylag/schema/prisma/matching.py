"""Database and old file side by side: which table was which model, and what all is called from now on."""

from __future__ import annotations

from greylag.schema.prisma.names import RESERVED, is_clean, sanitised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.catalog.objects import Enum
    from greylag.schema.prisma.picture import Id, Picture, SeenColumn, SeenForeignKey, SeenTable
    from greylag.schema.prisma.previous import OldEnum, OldField, OldModel, OldRelation, Previous

Called = tuple[str, str | None]
"""A name in schema.prisma, and the one in the database where ``@map`` has to tell it."""


class Matching:
    """The pairs of old and new. A model, enum or view that the old file has keeps its name."""

    def __init__(
        self, picture: Picture, previous: Previous, *, views: bool, namespaces: bool, mend: bool = False
    ) -> None:
        """``mend``: where Prisma confuses relations or gives a named field up, it is done right."""
        self.mend = mend
        self.picture = picture
        self.previous = previous
        self.namespaces = namespaces
        self._old_models: dict[Id, OldModel] = {}
        self._old_views: dict[Id, OldModel] = {}
        self._old_enums: dict[Id, OldEnum] = {}
        self.gone: set[str] = set()
        """Names of the old file's models and views that are no longer in the database."""
        self._match_models()
        self._match_enums()
        if mend:
            for table in picture.tables:
                table.joins = table.joins and table.id not in self._old_models
        self._counts = self._count(views=views)
        self._called: dict[Id, Called] = {}
        self._called_enums: dict[Id, Called] = {}
        self._called_columns: dict[str, Called] = {}
        self.relations = {
            id(key): found
            for table in picture.tables
            for key in table.foreign_keys
            if (found := self._old_relation(key)) is not None
        }
        self.joins = {
            table.id: found
            for table in picture.tables
            if table.joins and (found := self._old_join(table)) is not None
        }

    def model_of(self, table: SeenTable) -> OldModel | None:
        """The model the old file has for a table."""
        return self._old_models.get(table.id)

    def view_of(self, view: SeenTable) -> OldModel | None:
        """The view the old file has for one."""
        return self._old_views.get(view.id)

    def enum_of(self, enum: Enum) -> OldEnum | None:
        """The enum the old file has for one."""
        return self._old_enums.get((enum.schema, enum.name))

    def relation_of(self, key: SeenForeignKey) -> OldRelation | None:
        """The relation the old file has for a foreign key: the one over the same columns."""
        return self.relations.get(id(key))

    def is_single(self, name: str) -> bool:
        """Whether no two tables, enums (and views) would share what is left of the name."""
        return self._counts.get(sanitised(name), 0) <= 1

    def table_name(self, table: SeenTable) -> Called:
        """What a table's model is called."""
        called = self._called.get(table.id)
        if called is None:
            called = self._called[table.id] = self._name(table.id, self._old_models.get(table.id))
        return called

    def view_name(self, view: SeenTable) -> Called:
        """What a view is called."""
        return self._name(view.id, self._old_views.get(view.id))

    def enum_name(self, key: Id) -> Called:
        """What an enum is called."""
        called = self._called_enums.get(key)
        if called is None:
            called = self._called_enums[key] = self._name(key, self._old_enums.get(key))
        return called

    def column_name(self, column: SeenColumn, old: OldModel | None) -> Called:
        """What a column's field is called; empty where nothing of the name can be kept."""
        field = old.by_column.get(column.name) if old is not None else None
        if field is not None:
            return field.name, field.map
        called = self._called_columns.get(column.name)
        if called is None:
            name = column.name
            called = (name, None) if is_clean(name) else (sanitised(name), name)
            self._called_columns[name] = called
        return called

    def value_name(self, label: str, old: OldEnum | None) -> Called:
        """What a label of an enum is called; empty where nothing of it can be kept."""
        value = old.by_label.get(label) if old is not None else None
        if value is not None:
            return value.name, value.map
        if not label:
            return "EMPTY_ENUM_VALUE", ""
        return (label, None) if is_clean(label) else (sanitised(label), label)

    def field_of(self, column: SeenColumn, old: OldModel | None) -> OldField | None:
        """The field the old file has for a column."""
        return old.by_column.get(column.name) if old is not None else None

    def _name(self, key: Id, old: OldModel | OldEnum | None) -> Called:
        if old is not None:
            return old.name, old.map
        schema, name = key
        if not self.is_single(name):
            return sanitised(f"{schema}_{name}"), name
        return database_name(name), None if name not in RESERVED and is_clean(name) else name

    def _match_models(self) -> None:
        for old_models, seen, found in (
            (self.previous.models, self.picture.tables, self._old_models),
            (self.previous.views, self.picture.views, self._old_views),
        ):
            if not old_models:
                continue
            ids = {table.id for table in seen}
            for old in old_models:
                key = _find(old.mapped, old.schema, ids, self.picture.schemas)
                if key is None:
                    self.gone.add(old.name)
                else:
                    found[key] = old

    def _match_enums(self) -> None:
        ids = {(enum.schema, enum.name) for enum in self.picture.enums}
        for old in self.previous.enums:
            key = _find(old.mapped, old.schema, ids, self.picture.schemas)
            if key is not None:
                self._old_enums[key] = old

    def _count(self, *, views: bool) -> dict[str, int]:
        counts: dict[str, int] = {}
        old_views = self._old_views
        named: list[tuple[Id, OldModel | OldEnum | None]] = [
            (table.id, self._old_models.get(table.id)) for table in self.picture.tables if not table.joins
        ]
        named += [
            ((enum.schema, enum.name), self._old_enums.get((enum.schema, enum.name)))
            for enum in self.picture.enums
        ]
        if views:
            named += [(view.id, old_views.get(view.id)) for view in self.picture.views]
        for key, old in named:
            name = sanitised(key[1]) if old is None else old.name
            counts[name] = counts.get(name, 0) + 1
        return counts

    def _old_relation(self, key: SeenForeignKey) -> OldRelation | None:
        old = self._old_models.get(key.table.id)
        if old is None:
            return None
        columns = [column.name for column in key.columns]
        for relation in self.previous.relations_from(old):
            fields = relation.forward.fields if relation.forward is not None else None
            if fields is None or [old.column_of(field) for field in fields] != columns:
                continue
            # Prisma takes the first over these columns, wherever it leads
            if not self.mend or self._leads_to(relation, key):
                return relation
        return None

    def _leads_to(self, relation: OldRelation, key: SeenForeignKey) -> bool:
        target = relation.model_b
        if target is not self._old_models.get(key.target.id):
            return False
        references = (relation.forward.references if relation.forward is not None else None) or ()
        return [target.column_of(field) for field in references] == [each.name for each in key.referenced]

    def _old_join(self, table: SeenTable) -> OldRelation | None:
        return next(
            (
                relation
                for relation in self.previous.relations
                if relation.kind == "many to many" and relation.name == table.name[1:]
            ),
            None,
        )


def database_name(name: str) -> str:
    """What a table is called where neither an old file nor other tables count: in names of relations."""
    return f"Renamed{name}" if name in RESERVED else sanitised(name)


def _find(name: str, schema: str | None, ids: set[Id], schemas: list[str]) -> Id | None:
    """The object of that name; of the first schema that has one, where its own is not told or not read."""
    if schema is not None and schema in schemas:
        return (schema, name) if (schema, name) in ids else None
    return next(((found, name) for found in schemas if (found, name) in ids), None)
