"""A Catalog from the server's answers."""

from __future__ import annotations

import gc

from greylag.databases.postgres.catalog import in_schemas, objects, of_database
from greylag.databases.postgres.catalog.answers import Answers
from greylag.databases.postgres.catalog.attachments import (
    policies_by_relation,
    rules_by_relation,
    triggers_by_relation,
)
from greylag.databases.postgres.catalog.columns import columns_by_relation
from greylag.databases.postgres.catalog.constraints import Constraints
from greylag.databases.postgres.catalog.copying import copy_out
from greylag.databases.postgres.catalog.indexes import Indexes
from greylag.databases.postgres.catalog.inheritance import Inheritance
from greylag.databases.postgres.catalog.others import default_privileges, others
from greylag.databases.postgres.catalog.queries import QUERIES
from greylag.databases.postgres.catalog.relations import Parts, tables_and_views
from greylag.databases.postgres.catalog.sequences import Sequences
from greylag.databases.postgres.catalog.versions import version_number, words_for
from greylag.errors import DatabaseError
from greylag.model.catalog.catalog import Catalog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.databases.postgres.catalog.fragments import Query
    from greylag.databases.postgres.channel import Channel
    from greylag.model.catalog.objects import Composite, Domain, Enum, Extension, Other, Routine, View
    from greylag.model.catalog.objects import Sequence as Serial
    from greylag.model.catalog.tables import Table

_BEFORE = """BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL search_path = {home}; SET LOCAL jit = off; SET LOCAL quote_all_identifiers = off;
SET LOCAL standard_conforming_strings = on; SET LOCAL DateStyle = 'ISO, MDY';
SET LOCAL IntervalStyle = postgres; SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1;
SET LOCAL bytea_output = hex; SET LOCAL client_encoding = 'UTF8';
"""
"""One snapshot, and everything that expressions are printed by: the same text from every server."""

_AFTER = "COMMIT"

_OURS = r"""(SELECT oid FROM pg_catalog.pg_namespace
  WHERE nspname::text !~ '^pg_'::text AND nspname <> 'information_schema')"""
_NAMED = "(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname IN ({names}))"

_GONE = frozenset({"XX000", "42P01", "42703", "42704", "42883", "3F000"})
"""What functions like pg_get_indexdef say of something that was dropped after the snapshot was taken."""


def read_catalog(channel: Channel, schemas: Sequence[str] | None = None, home: str = "public") -> Catalog:
    """The schema of the database; see :meth:`greylag.databases.base.Session.catalog`.

    Raises DatabaseError, also where somebody drops objects while they are read, twice in a row.
    """
    version = channel.parameter("server_version")
    kinds = in_schemas.QUERIES + (of_database.QUERIES if schemas is None else ())
    wanted = (*QUERIES, *kinds, of_database.DEFAULT_PRIVILEGES)
    collects = gc.isenabled()
    gc.disable()  # hundreds of thousands of rows and values, and no cycle among them
    try:
        answers = _answers(channel, version, wanted, schemas, home)
        return _build(answers, version, [kind.name for kind in kinds])
    finally:
        if collects:
            gc.enable()


def _answers(
    channel: Channel, version: str, wanted: Sequence[Query], schemas: Sequence[str] | None, home: str
) -> Answers:
    try:
        return _ask(channel, version, wanted, schemas, home)
    except DatabaseError as error:
        if error.sqlstate not in _GONE:
            raise
    try:
        return _ask(channel, version, wanted, schemas, home)
    except DatabaseError as error:
        if error.sqlstate in _GONE:
            error.hint = "somebody drops objects while they are read: try again when that is over"
        raise


def _ask(
    channel: Channel, version: str, wanted: Sequence[Query], schemas: Sequence[str] | None, home: str
) -> Answers:
    words = {"here": _here(schemas), **words_for(version_number(version))}
    words["default_privileges"] = "true" if schemas is None else f"o.defaclnamespace IN {_here(schemas)}"
    queries = [query.sql.format(**words) for query in wanted]
    before = _BEFORE.format(home=_identifier(home))
    try:
        found = copy_out(channel, before, queries, _AFTER)
        return Answers({query.name: rows for query, rows in zip(wanted, found, strict=True)})
    except DatabaseError:
        if channel.usable:
            channel.roll_back()
        raise


def _here(schemas: Sequence[str] | None) -> str:
    if schemas is None:
        return _OURS
    return _NAMED.format(names=", ".join(map(_literal, schemas)) or "NULL")


def _literal(text: str) -> str:
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _build(answers: Answers, version: str, kinds: Sequence[str]) -> Catalog:
    sequences = Sequences(answers)
    columns = columns_by_relation(answers, sequences.by_column)
    constraints = Constraints(answers, columns)
    inheritance = Inheritance(answers)
    indexes = Indexes(answers, columns, constraints.by_index, inheritance)
    parts = Parts(
        columns,
        constraints.of_tables,
        indexes.of_relations,
        triggers_by_relation(answers, columns),
        policies_by_relation(answers),
        rules_by_relation(answers),
        inheritance,
    )
    tables, views = tables_and_views(answers, parts)
    return Catalog(
        engine="postgres",
        version=version,
        schemas=tuple(sorted(objects.schemas(answers), key=lambda each: each.name)),
        extensions=tuple(sorted(objects.extensions(answers), key=_place)),
        enums=tuple(sorted(objects.enums(answers), key=_place)),
        domains=tuple(sorted(objects.domains(answers, constraints.of_domains), key=_place)),
        composites=tuple(sorted(objects.composites(answers, columns), key=_place)),
        sequences=tuple(sorted(sequences.sequences, key=_place)),
        tables=tuple(sorted(tables, key=_place)),
        views=tuple(sorted(views, key=_place)),
        routines=tuple(sorted(objects.routines(answers), key=lambda each: (*_place(each), each.arguments))),
        others=tuple(
            sorted(
                (*others(answers, kinds), *default_privileges(answers)),
                key=lambda each: (each.kind, *_place(each)),
            )
        ),
    )


def _place(
    each: Extension | Enum | Domain | Composite | Serial | Table | View | Routine | Other,
) -> tuple[str, str]:
    return each.schema, each.name
