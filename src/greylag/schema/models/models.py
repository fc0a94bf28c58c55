"""The road: a Catalog in, a file of Python out."""

from __future__ import annotations

from collections import Counter

from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Table
from greylag.model.records import NamedTuple
from greylag.schema.models import head, sqlite
from greylag.schema.models.clickhouse import Clickhouse
from greylag.schema.models.columns import Context, sequence_object
from greylag.schema.models.enums import EnumColumns, enum_class, enum_names
from greylag.schema.models.names import ORM_GLOBALS, ROW_GLOBALS, free, identifier, unique_classes
from greylag.schema.models.postgres import Postgres, enum_type
from greylag.schema.models.rows import row_class
from greylag.schema.models.writing import Group, statement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from greylag.model.catalog.catalog import Catalog
    from greylag.model.catalog.objects import Sequence, View
    from greylag.model.catalog.parts import Column
    from greylag.schema.models.kinds import Kind

_HOMES = ("", "public", "main")
_ABOUT = '"""Written by greylag schema models from the database; do not edit."""'


class Plan(NamedTuple):
    """What is written, with its names: ``names`` of classes and tables, ``rows`` of Pydantic's models."""

    catalog: Catalog
    contexts: tuple[Context, ...]
    beside: tuple[Table | View, ...]
    names: Mapping[Name, str]
    rows: Mapping[Name, str]
    enums: Mapping[Name, str]


def models(catalog: Catalog, *, orm: bool = True, rows: bool = False) -> str:
    """The file; ends with a line break. The same schema is always the same text.

    ``orm``: classes for SQLAlchemy; those of ClickHouse are never written. ``rows``: models for Pydantic.
    """
    orm = orm and catalog.engine != "clickhouse"
    plan = _plan(catalog)
    columns = EnumColumns({*ROW_GLOBALS, *plan.names.values(), *plan.rows.values(), *plan.enums.values()})
    kind_of = _kinds(plan, columns)
    body = [*_orm(plan, kind_of)] if orm else []
    if rows:
        body += _rows(plan, kind_of, columns)
    enums = [*_enums(plan, columns)]
    return _page(enums, body, catalog.engine)


def _plan(catalog: Catalog) -> Plan:
    shown = [each for each in catalog.tables if each.partition is None and not each.extension]
    tables = sorted((each for each in shown if each.kind != "foreign" and each.columns), key=_place)
    foreign = [each for each in shown if each.kind == "foreign" and each.columns]
    views = [each for each in catalog.views if not each.extension and each.columns]
    others: list[Table | View] = [*foreign, *views]
    beside = sorted(others, key=_place)
    everything: list[Table | View] = [*tables, *beside]
    classes = unique_classes(((each.schema, each.name) for each in everything), ORM_GLOBALS | ROW_GLOBALS)
    by_name = dict(zip(map(_name, everything), classes, strict=True))
    enums = enum_names(catalog.enums, {*ORM_GLOBALS, *ROW_GLOBALS, *classes})
    known = {_name(each) for each in tables}
    sequences = _sequences_alone(catalog)
    contexts = tuple(_context(each, catalog.engine, sequences, known) for each in tables)
    return Plan(catalog, contexts, tuple(beside), by_name, _row_names(by_name, enums), enums)


def _context(table: Table, engine: str, sequences: Mapping[Name, Sequence], known: set[Name]) -> Context:
    primary = next((each.columns for each in table.constraints if each.kind == "primary key"), ())
    foreign = tuple(
        each
        for each in table.constraints
        if each.references is not None
        and _at_home(each.references.table, table) in known
        and not any("." in part for part in (*each.references.table, *each.references.columns))
    )
    # SQLite lets a key be NULL in its catalog; no row of a program has such a one.
    columns = tuple(each._replace(nullable=False) if each.name in primary else each for each in table.columns)
    return Context(table._replace(columns=columns), engine, sequences, primary, foreign)


def _sequences_alone(catalog: Catalog) -> dict[Name, Sequence]:
    """The sequences without those that two columns draw from, as a child table's does: these come first."""
    defaults = Counter(
        column.default for table in catalog.tables if table.partition is None for column in table.columns
    )
    shared = {
        column.sequence
        for table in catalog.tables
        for column in table.columns
        if column.sequence and column.default and defaults[column.default] > 1
    }
    named = {Name(each.schema, each.name): each for each in catalog.sequences}
    return {name: each for name, each in named.items() if name not in shared}


def _at_home(name: Name, table: Table) -> Name:
    return name if name.schema else Name(table.schema, name.name)


def _row_names(names: Mapping[Name, str], enums: Mapping[Name, str]) -> dict[Name, str]:
    found: dict[Name, str] = {}
    for place, name in names.items():
        taken = {*names.values(), *enums.values(), *found.values()}
        found[place] = free(f"{name}Row", taken, ROW_GLOBALS)
    return found


def _kinds(plan: Plan, columns: EnumColumns) -> Callable[[Table | View, Column], Kind]:
    if plan.catalog.engine == "clickhouse":

        def of_clickhouse(relation: Table | View, column: Column) -> Kind:
            named = Clickhouse(lambda values: columns.name(relation.name, column.name, values))
            return named.kind(column.type.text)

        return of_clickhouse
    if plan.catalog.engine == "sqlite":
        return lambda _, column: sqlite.kind(
            column.type, nullable=column.nullable, collation=column.collation
        )
    domains = {Name(each.schema, each.name): each for each in plan.catalog.domains}
    types = Postgres(plan.enums, domains)
    return lambda _, column: types.kind(column.type, nullable=column.nullable, collation=column.collation)


def _orm(plan: Plan, kind_of: Callable[[Table | View, Column], Kind]) -> Iterator[str]:
    from greylag.schema.models.generator import Generator, is_link, table_object
    from greylag.schema.models.skeleton import skeleton

    yield head.BASE
    own = [*_sequences(plan), *_types(plan)]
    if own:
        yield "\n".join(own)
    names = {
        _name(each.table): plan.names[_name(each.table)]
        if each.key and not is_link(each)
        else _variable(each.table, plan)
        for each in plan.contexts
    }
    kinds = {
        (_name(relation), column.name): kind_of(relation, column)
        for relation in (*(each.table for each in plan.contexts), *plan.beside)
        for column in relation.columns
    }
    generator = Generator(skeleton(plan.contexts), names, kinds, {*plan.enums.values(), *plan.rows.values()})
    text = generator.render_models(generator.generate_models())
    if text:
        yield text
    if plan.beside:
        yield _UNMANAGED
    for each in plan.beside:
        bare = Table(each.schema, each.name, each.columns, comment=each.comment)
        context = Context(bare, plan.catalog.engine, {}, (), ())
        yield table_object(_variable(each, plan), context, kinds, metadata="unmanaged")


_UNMANAGED = '''\
unmanaged = sa.MetaData()
"""Views and foreign tables: to select from, and left alone by ``Base.metadata.create_all()``."""'''


def _sequences(plan: Plan) -> Iterator[str]:
    made = {
        found.sequence
        for context in plan.contexts
        for found in context.table.columns
        if found.sequence is not None and _is_automatic(found, context)
    }
    for each in plan.catalog.sequences:
        if not each.internal and Name(each.schema, each.name) not in made:
            name, value = sequence_object(each)
            yield "\n".join(statement(f"{name} = ", value))


def _types(plan: Plan) -> Iterator[str]:
    """Enum types that no column has, which SQLAlchemy would not make otherwise."""
    used = {
        Name(column.type.schema, column.type.name)
        for context in plan.contexts
        for column in context.table.columns
    }
    for enum in plan.catalog.enums:
        if enum.values and Name(enum.schema, enum.name) not in used:
            value = enum_type(plan.enums[Name(enum.schema, enum.name)], enum.schema, enum.name)
            value = Group(value.opening, (*value.items, ("metadata=", "Base.metadata")))
            yield "\n".join(statement(f"{identifier(f'e_{enum.name}')} = ", value))


def _is_automatic(found: Column, context: Context) -> bool:
    from greylag.schema.models.columns import is_serial

    return is_serial(found, context)


def _rows(plan: Plan, kind_of: Callable[[Table | View, Column], Kind], columns: EnumColumns) -> Iterator[str]:
    yield head.ROW
    relations = {_name(each): each for each in (*(one.table for one in plan.contexts), *plan.beside)}
    taken = {*plan.names.values(), *plan.rows.values(), *plan.enums.values(), *columns.classes}
    for place, name in plan.rows.items():
        relation = relations[place]
        yield row_class(name, relation, lambda column, of=relation: kind_of(of, column), taken)  # type: ignore[misc]


def _enums(plan: Plan, columns: EnumColumns) -> Iterator[str]:
    for enum in plan.catalog.enums:
        yield "\n".join(enum_class(plan.enums[Name(enum.schema, enum.name)], enum.values, enum.comment))
    for name, values in columns.classes.items():
        yield "\n".join(enum_class(name, values))


def _page(enums: list[str], body: list[str], engine: str) -> str:
    used = head.names_used("\n".join([*enums, *body]))
    parts = [*_parts(used, engine)]
    used |= head.names_used("\n".join(parts))
    sections = [*parts, *enums, *body]
    return "\n\n".join([_ABOUT, head.imports(used)]) + "\n\n\n" + "\n\n\n".join(sections) + "\n"


def _parts(used: set[str], engine: str) -> Iterator[str]:
    moments = bool(used & {"UtcDateTime", "Moment"})
    parts = (
        (moments, head.MOMENT_JSON),
        ("UtcDateTime" in used, head.UTC_DATETIME.get(engine, "")),
        ("AsText" in used, head.AS_TEXT),
        ("SqlType" in used, head.SQL_TYPE),
        ("enum_values" in used, head.ENUM_VALUES),
        ("Moment" in used, head.CLICKHOUSE_MOMENT if engine == "clickhouse" else head.MOMENT),
        ("Shown" in used, head.SHOWN),
    )
    return (text for wanted, text in parts if wanted)


def _variable(relation: Table | View, plan: Plan) -> str:
    """The variable of a ``sa.Table``: ``t_`` and its name, as sqlacodegen has it."""
    alone = sum(each.name == relation.name for each in plan.names) == 1
    first = alone or relation.schema in _HOMES
    return identifier(f"t_{relation.name}" if first else f"t_{relation.schema}_{relation.name}")


def _place(relation: Table | View) -> tuple[bool, str, str]:
    return relation.schema not in _HOMES, relation.schema, relation.name


def _name(relation: Table | View) -> Name:
    return Name(relation.schema, relation.name)
