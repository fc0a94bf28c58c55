"""Schemas, extensions, types and routines."""

from __future__ import annotations

from greylag.databases.postgres.catalog.grants import grants_of
from greylag.model.catalog.objects import Composite, Domain, Enum, Extension, Routine, Schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greylag.databases.postgres.catalog.answers import Answers
    from greylag.databases.postgres.catalog.columns import Columns
    from greylag.model.catalog.objects import RoutineKind
    from greylag.model.catalog.tables import Constraint

_ROUTINES: dict[str, RoutineKind] = {"f": "function", "p": "procedure", "a": "aggregate", "w": "window"}


def schemas(answers: Answers) -> Iterator[Schema]:
    """Schemas that are nobody's but the database's users'."""
    comments = answers.comments("pg_namespace")
    for oid, name, owner, acl, default_acl in answers.rows("schemas"):
        yield Schema(name, owner, comments.get((oid, "0"), ""), grants_of(acl, default_acl))


def extensions(answers: Answers) -> Iterator[Extension]:
    """All extensions."""
    comments = answers.comments("pg_extension")
    for oid, name, schema, version in answers.rows("extensions"):
        yield Extension(name, schema, version, comments.get((oid, "0"), ""))


def enums(answers: Answers) -> Iterator[Enum]:
    """Enum types; one may have no values."""
    comments = answers.comments("pg_type")
    values: dict[str, list[str]] = {}
    for oid, value in answers.rows("enum_values"):
        values.setdefault(oid, []).append(value)
    for oid, schema, name, owner, acl, default_acl in answers.rows("enums"):
        comment = comments.get((oid, "0"), "")
        yield Enum(schema, name, tuple(values.get(oid, ())), owner, comment, grants_of(acl, default_acl))


def domains(answers: Answers, constraints: Mapping[str, list[Constraint]]) -> Iterator[Domain]:
    """Domains with their constraints."""
    comments = answers.comments("pg_type")
    for row in answers.rows("domains"):
        oid, schema, name, base, modifier, required, default, collation, owner, acl, default_acl = row
        yield Domain(
            schema,
            name,
            answers.types[base, modifier],
            required == "f",
            default or None,
            answers.collations[collation] if collation else "",
            tuple(sorted(constraints.get(oid, ()), key=lambda constraint: constraint.name)),
            owner,
            comments.get((oid, "0"), ""),
            grants_of(acl, default_acl),
        )


def composites(answers: Answers, columns: Mapping[str, Columns]) -> Iterator[Composite]:
    """Composite types that are not a table's."""
    comments = answers.comments("pg_type")
    for oid, schema, name, type_id, owner, acl, default_acl in answers.rows("composites"):
        attributes = columns[oid].columns if oid in columns else ()
        comment = comments.get((type_id, "0"), "")
        yield Composite(schema, name, tuple(attributes), owner, comment, grants_of(acl, default_acl))


def routines(answers: Answers) -> Iterator[Routine]:
    """Functions, procedures, aggregates and window functions."""
    comments = answers.comments("pg_proc")
    for row in answers.rows("routines"):
        oid, schema, name, arguments, kind, result, language, definition, owner, acl, default_acl = row
        yield Routine(
            schema,
            name,
            arguments,
            _ROUTINES[kind],
            result,
            language,
            definition,
            owner,
            comments.get((oid, "0"), ""),
            grants_of(acl, default_acl),
        )
