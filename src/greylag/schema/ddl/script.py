"""The whole script: everything in the Catalog, each object once, in an order that runs and stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.model.catalog.parts import Name
from greylag.schema.ddl.order import Piece, ordered
from greylag.schema.ddl.tables import (
    behaviour,
    foreign_keys,
    index_statements,
    sequence_options,
    table_statements,
)
from greylag.schema.ddl.words import (
    comment_on,
    grants_on,
    literal,
    name_of,
    option_list,
    role,
)
from greylag.schema.neutral import main_owner
from greylag.sql.names import write_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.model.catalog.catalog import Catalog
    from greylag.model.catalog.objects import (
        Composite,
        Domain,
        Enum,
        Extension,
        Other,
        Routine,
        Schema,
        Sequence,
        View,
    )

_TYPES, _ROUTINES, _TABLES, _VIEWS, _LATE = range(5)
_LATE_KINDS = (
    "statistics",
    "event trigger",
    "publication",
    "subscription",
    "user mapping",
    "default privileges",
)
_PUBLIC = "standard public schema"


def script(catalog: Catalog) -> str:
    """SQL that makes this schema in an empty database, for psql and for reading; ends with a line break.

    Owners are named where they are not the one who owns most. Objects stand in alphabetical order but for
    those that need others, and foreign keys last, so that a change of one object changes one place.
    """
    lines = ["SET check_function_bodies = false;"] if catalog.routines else []
    for schema in catalog.schemas:
        lines += _block(_schema(schema))
    for extension in catalog.extensions:
        lines += _block(_extension(extension))
    for piece in ordered(_pieces(catalog)):
        lines += _block(piece.statements)
    for table in catalog.tables:
        lines += _block(foreign_keys(table))
    for statements in _behaviours(catalog):
        lines += _block(statements)
    for sequence in catalog.sequences:
        lines += _block(_ownership(sequence))
    for other in catalog.others:
        if other.kind in _LATE_KINDS:
            lines += _block(_other(other))
    lines += _block(_owners(catalog))
    return "\n".join(lines).strip("\n") + "\n" if lines else ""


def _block(statements: Iterator[str] | tuple[str, ...]) -> list[str]:
    found = list(statements)
    return ["", *found] if found else []


def _schema(schema: Schema) -> Iterator[str]:
    name = write_name(schema.name)
    if schema.name != "public":
        yield f"CREATE SCHEMA {name};"
    if schema.name != "public" or schema.comment != _PUBLIC:
        yield from comment_on("SCHEMA", name, schema.comment)
    yield from grants_on("SCHEMA", name, schema.grants, schema.owner)


def _extension(extension: Extension) -> Iterator[str]:
    if extension.name != "plpgsql":
        yield f"CREATE EXTENSION {write_name(extension.name)} SCHEMA {write_name(extension.schema)};"


def _pieces(catalog: Catalog) -> Iterator[Piece]:
    identities = {Name(each.schema, each.name): each for each in catalog.sequences if each.internal}
    tables = {(each.schema, each.name): each for each in catalog.tables}
    for enum in catalog.enums:
        yield _piece(_TYPES, enum, _enum(enum))
    for domain in catalog.domains:
        yield _piece(_TYPES, domain, _domain(domain))
    for composite in catalog.composites:
        yield _piece(_TYPES, composite, _composite(composite))
    for other in catalog.others:
        if other.kind not in _LATE_KINDS:
            yield Piece(_TYPES, ("other", other.schema, other.name), _last_word(other), tuple(_other(other)))
    for routine in catalog.routines:
        yield Piece(
            _ROUTINES,
            (routine.schema, routine.name, routine.arguments),
            routine.name,
            tuple(_routine(routine)),
        )
    for sequence in catalog.sequences:
        if not sequence.internal:
            yield _piece(_TYPES, sequence, _sequence(sequence))
    for table in catalog.tables:
        if table.extension:
            continue
        of = (table.partition.of,) if table.partition else table.parents
        parents = [tables[each.schema, each.name] for each in of if (each.schema, each.name) in tables]
        name = name_of(Name(table.schema, table.name))
        statements = (
            *table_statements(table, identities, parents),
            *index_statements(table, name, table.indexes),
        )
        yield Piece(_TABLES, (table.schema, table.name), table.name, statements)
    for view in catalog.views:
        if not view.extension:
            yield _piece(_VIEWS, view, _view(view))


def _piece(rank: int, value: Enum | Domain | Composite | Sequence | View, statements: Iterator[str]) -> Piece:
    return Piece(rank, (value.schema, value.name), value.name, tuple(statements))


def _enum(enum: Enum) -> Iterator[str]:
    name = name_of(Name(enum.schema, enum.name))
    yield f"CREATE TYPE {name} AS ENUM ({', '.join(map(literal, enum.values))});"
    yield from _finish("TYPE", name, enum)


def _domain(domain: Domain) -> Iterator[str]:
    name = name_of(Name(domain.schema, domain.name))
    words = [f"CREATE DOMAIN {name} AS {domain.type.text}"]
    if domain.collation:
        words.append(f"COLLATE {domain.collation}")
    if domain.default is not None:
        words.append(f"DEFAULT {domain.default}")
    if not domain.nullable:
        words.append("NOT NULL")
    words += [
        f"CONSTRAINT {write_name(each.name)} {each.definition}"
        for each in domain.constraints
        if each.validated
    ]
    yield f"{' '.join(words)};"
    for each in domain.constraints:
        if not each.validated:
            yield f"ALTER DOMAIN {name} ADD CONSTRAINT {write_name(each.name)} {each.definition};"
        yield from comment_on("CONSTRAINT", f"{write_name(each.name)} ON DOMAIN {name}", each.comment)
    yield from comment_on("DOMAIN", name, domain.comment)
    yield from grants_on("DOMAIN", name, domain.grants, domain.owner)


def _composite(composite: Composite) -> Iterator[str]:
    name = name_of(Name(composite.schema, composite.name))
    attributes = [
        f"{write_name(each.name)} {each.type.text}" + (f" COLLATE {each.collation}" if each.collation else "")
        for each in composite.attributes
    ]
    body = "\n    " + ",\n    ".join(attributes) + "\n" if attributes else ""
    yield f"CREATE TYPE {name} AS ({body});"
    yield from _finish("TYPE", name, composite)
    for each in composite.attributes:
        yield from comment_on("COLUMN", f"{name}.{write_name(each.name)}", each.comment)


def _sequence(sequence: Sequence) -> Iterator[str]:
    name = name_of(Name(sequence.schema, sequence.name))
    kind = "UNLOGGED SEQUENCE" if sequence.persistence == "unlogged" else "SEQUENCE"
    typed = "" if sequence.type == "bigint" else f" AS {sequence.type}"
    yield f"CREATE {kind} {name}{typed}{sequence_options(sequence)};"
    yield from _finish("SEQUENCE", name, sequence)


def _ownership(sequence: Sequence) -> Iterator[str]:
    if sequence.owned_by is not None and not sequence.internal:
        table, column = sequence.owned_by
        name = name_of(Name(sequence.schema, sequence.name))
        yield f"ALTER SEQUENCE {name} OWNED BY {name_of(table)}.{write_name(column)};"


def _routine(routine: Routine) -> Iterator[str]:
    kind = {"procedure": "PROCEDURE", "aggregate": "AGGREGATE"}.get(routine.kind, "FUNCTION")
    name = f"{name_of(Name(routine.schema, routine.name))}({routine.arguments})"
    yield f"{routine.definition.rstrip()};"
    yield from comment_on(kind, name, routine.comment)
    granted = "PROCEDURE" if kind == "PROCEDURE" else "FUNCTION"
    yield from grants_on(granted, name, routine.grants, routine.owner)


def _view(view: View) -> Iterator[str]:
    name = name_of(Name(view.schema, view.name))
    materialized = view.kind == "materialized"
    kind = "MATERIALIZED VIEW" if materialized else "VIEW"
    head = f"CREATE {kind} {name}"
    if view.access_method:
        head += f" USING {write_name(view.access_method)}"
    if view.options:
        head += f" WITH ({option_list(view.options)})"
    if view.tablespace:
        head += f" TABLESPACE {write_name(view.tablespace)}"
    tail = " WITH NO DATA" if materialized and not view.populated else ""
    yield f"{head} AS\n{view.definition.rstrip().removesuffix(';')}{tail};"
    for column in view.columns:
        if column.default is not None:
            yield f"ALTER VIEW {name} ALTER COLUMN {write_name(column.name)} SET DEFAULT {column.default};"
        if column.statistics >= 0:
            place = f"ALTER MATERIALIZED VIEW {name} ALTER COLUMN {write_name(column.name)}"
            yield f"{place} SET STATISTICS {column.statistics};"
    yield from index_statements(None, name, view.indexes)
    yield from comment_on(kind, name, view.comment)
    for column in view.columns:
        yield from comment_on("COLUMN", f"{name}.{write_name(column.name)}", column.comment)
    yield from grants_on("TABLE", name, view.grants, view.owner)
    from greylag.schema.ddl.words import column_grants

    for column in view.columns:
        yield from column_grants(name, column)


def _other(other: Other) -> Iterator[str]:
    if other.definition:
        yield f"{other.definition.rstrip().removesuffix(';')};"


def _last_word(other: Other) -> str:
    """The name another definition would mention it by: of an operator its sign."""
    return other.name.partition(" ")[0] if other.kind == "operator" else other.name


def _behaviours(catalog: Catalog) -> Iterator[Iterator[str]]:
    for table in catalog.tables:
        name = name_of(Name(table.schema, table.name))
        yield behaviour(name, table.triggers, table.policies, table.rules)
    for view in catalog.views:
        name = name_of(Name(view.schema, view.name))
        yield behaviour(name, view.triggers, (), view.rules)


def _finish(kind: str, name: str, value: Enum | Composite | Sequence) -> Iterator[str]:
    yield from comment_on(kind, name, value.comment)
    yield from grants_on(kind, name, value.grants, value.owner)


def _owners(catalog: Catalog) -> Iterator[str]:
    owner = main_owner(catalog)
    for kind, values in (
        ("TABLE", catalog.tables),
        ("VIEW", [each for each in catalog.views if each.kind == "view"]),
        ("MATERIALIZED VIEW", [each for each in catalog.views if each.kind == "materialized"]),
        ("TYPE", catalog.enums),
        ("DOMAIN", catalog.domains),
        ("TYPE", catalog.composites),
        ("SEQUENCE", [each for each in catalog.sequences if not each.owned_by]),
        ("SCHEMA", [each for each in catalog.schemas if each.name != "public"]),
    ):
        for value in values:
            if value.owner and value.owner != owner:
                name = name_of(Name(getattr(value, "schema", ""), value.name))
                yield f"ALTER {kind} {name} OWNER TO {role(value.owner)};"
    for routine in catalog.routines:
        if routine.owner and routine.owner != owner:
            name = name_of(Name(routine.schema, routine.name))
            kind = {"procedure": "PROCEDURE", "aggregate": "AGGREGATE"}.get(routine.kind, "FUNCTION")
            yield f"ALTER {kind} {name}({routine.arguments}) OWNER TO {role(routine.owner)};"
