"""``schema pull``: a schema.prisma that Prisma takes, and that a second pull leaves as it is."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import EditError, UsageError
from greylag.model.edit import Edit
from greylag.model.location import Location
from greylag.operations.prisma_file import find_schema
from greylag.operations.schema_show import read_schema
from greylag.operations.write import read
from greylag.schema.prisma.document import Text
from greylag.schema.prisma.introspection import CrossSchemaError, EmptyError
from greylag.schema.prisma.mended.pull import tend
from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.databases.base import Session
    from greylag.environments.resolution import Resolution
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.target import Target
    from greylag.schema.prisma.document import Document, Problem

HEAD = """\
generator client {
  provider = "prisma-client-js"
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
"""
"""What a new file begins with, as ``prisma init`` writes it."""

_PROVIDERS = ("postgresql", "postgres")

DEFAULT = os.path.join("prisma", "schema.prisma")


class Wishes(NamedTuple):
    """How to pull. ``path`` is the file; ``leave_out`` are patterns of tables and views."""

    path: str
    by_convention: bool = False
    leave_out: Sequence[str] = ()


def wishes_for(
    target: Target, resolution: Resolution, *, path: str | None = None, camel: bool = False
) -> Wishes:
    """What the command line and the config say of a target.

    Without a config it is the file Prisma would find in the folder of the project, else prisma/schema.prisma.
    """
    workspace = resolution.workspace
    if workspace is None or not target.service:
        return Wishes(path or _found_in(resolution.root), camel)
    database = workspace.services[target.service].databases[target.key]
    return Wishes(path or database.prisma, camel or workspace.schema.camel, workspace.schema.leave_out)


def _found_in(root: str) -> str:
    try:
        return os.path.normpath(find_schema(None, root))
    except UsageError:
        return os.path.join(root, DEFAULT)


def pull(session: Session, table: str, wishes: Wishes) -> Edit:
    """The edit of the file; nothing is written. ``table`` is the version table, which is left out.

    Raises EditError where the old file cannot be read as a schema or the new one would be refused by Prisma,
    with the line; UsageError for a database that has nothing to pull; DatabaseError.
    """
    before = read(wishes.path)
    document = parse(before or HEAD)
    _refuse_broken(document, wishes.path)
    schemas = Settings(document.of("generator"), document.of("datasource")[0]).schemas or ["public"]
    catalog = without_tables(read_schema(session, table), wishes.leave_out)
    if catalog.engine != "postgres":
        raise UsageError(
            f"schema.prisma is made from PostgreSQL, and this is {catalog.engine}",
            hint="greylag schema models writes Python models of any database",
        )
    try:
        tended = tend(catalog, document, schemas, by_convention=wishes.by_convention)
    except EmptyError:
        raise UsageError(
            f"there is nothing to pull: no table in {', '.join(schemas)}", hint="greylag up makes them"
        ) from None
    except CrossSchemaError as error:
        raise UsageError(
            f"the key {error.constraint} of {error.table} leads to {error.target}, which is not pulled",
            hint=f'add it to the datasource: schemas = ["public", "{error.schema}"]',
        ) from None
    if tended.problems:
        raise _refused(wishes.path, tended.text, tended.problems)
    ends_as_windows_has_it = before is not None and "\r\n" in before
    return Edit(
        wishes.path, before, tended.text.replace("\n", "\r\n") if ends_as_windows_has_it else tended.text
    )


def without_tables(catalog: Catalog, patterns: Sequence[str]) -> Catalog:
    """The catalog without the tables and views that patterns mean, and without the keys that lead to them."""
    if not patterns:
        return catalog

    def left_out(schema: str, name: str) -> bool:
        return any(fnmatchcase(name, each) or fnmatchcase(f"{schema}.{name}", each) for each in patterns)

    tables = [
        table._replace(
            constraints=tuple(
                key
                for key in table.constraints
                if key.references is None or not left_out(*key.references.table)
            )
        )
        for table in catalog.tables
        if not left_out(table.schema, table.name)
    ]
    views = tuple(view for view in catalog.views if not left_out(view.schema, view.name))
    return catalog._replace(tables=tuple(tables), views=views)


def _refuse_broken(document: Document, path: str) -> None:
    for problem in document.problems:
        raise EditError(
            f"is no schema.prisma that can be read: {_sentence(problem)}",
            where=Location(path, problem.line),
            hint="mend that line, or move the file away for a new one",
        )
    if not document.of("datasource"):
        raise EditError(
            "has no datasource", where=Location(path), hint="greylag schema pull writes one into a new file"
        )
    datasource = document.of("datasource")[0]
    provider = datasource.setting("provider")
    if isinstance(provider, Text) and provider.value not in _PROVIDERS:
        raise EditError(
            f"is the schema of another database: {provider.value}",
            where=Location(path, datasource.line),
            hint="name another file: --schema FILE",
        )


def _refused(path: str, text: str, problems: Sequence[Problem]) -> EditError:
    first = problems[0]
    line = text.splitlines()[first.line - 1].strip() if 0 < first.line <= text.count("\n") else ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return EditError(
        f"is not written: Prisma would refuse what would stand there: {_sentence(first)}{more}: {line}",
        where=Location(path),
        hint="greylag prisma db pull writes it all the same; leave_out under [schema] can leave a table out",
    )


def _sentence(problem: Problem) -> str:
    return problem.message.split("\n", 1)[0].removeprefix("Error validating: ")
