"""``greylag prisma db pull``: the schema.prisma Prisma would write, from the database as it is."""

from __future__ import annotations

import time

from greylag.databases.postgres.session import PostgresSession
from greylag.errors import ConnectError, PrismaError, UsageError
from greylag.model.dsn import Dsn
from greylag.model.edit import Edit
from greylag.model.records import NamedTuple
from greylag.operations.prisma_file import find_schema, load_variables, refuse, source_of, url_of
from greylag.operations.write import read, write
from greylag.schema.prisma.document import Text
from greylag.schema.prisma.introspection import CrossSchemaError, EmptyError, introspect
from greylag.schema.prisma.parser import parse
from greylag.schema.prisma.settings import Settings
from greylag.schema.prisma.validation import validate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from greylag.operations.prisma_file import Source
    from greylag.schema.prisma.document import Document
    from greylag.schema.prisma.introspection import Introspected

_PROVIDERS = ("postgresql", "postgres")
_INVALID = """
Introspection failed as your current Prisma schema file is invalid

Please fix your current schema manually (using either prisma validate or the Prisma VS Code extension to \
understand what's broken and confirm you fixed it), and then run this command again.
Or run this command with the --force flag to ignore your current schema and overwrite it. All local \
modifications will be lost.
"""
_EMPTY = """\
The introspected database was empty:

prisma db pull could not create any models in your schema.prisma file and you will not be able to generate \
Prisma Client with the prisma generate command.

To fix this, you have two options:

- manually create a table in your database.
- make sure the database connection URL inside the datasource block in schema.prisma points to a database \
that is not empty (it must contain at least one table).

Then you can run prisma db pull again. """
_CROSS_SCHEMA = (
    "The schema of the introspected database was inconsistent: Cross schema references are only allowed when "
    "the target schema is listed in the schemas property of your datasource. `{table}` points to `{target}` "
    "in constraint `{constraint}`. Please add `{schema}` to your `schemas` property and run this command "
    "again."
)


class Place(NamedTuple):
    """What a pull is about to read and write.

    ``path`` is the file's, ``loaded`` are those of ``.env`` files. ``listed``: the file lists the schemas;
    ``based``: it names the database too.
    """

    path: str
    loaded: tuple[str, ...]
    datasource: str
    database: str
    address: str
    schemas: tuple[str, ...]
    listed: bool
    based: bool


class Pulled(NamedTuple):
    """The new ``text``, how many ``models`` it has, Prisma's ``warnings``, and how long it took."""

    text: str
    models: int
    warnings: str
    took_milliseconds: int


def pull(
    url: str | None,
    schema: str | None,
    environ: Mapping[str, str],
    tell: Callable[[Place], None],
    *,
    folder: str = ".",
    only_print: bool = False,
    force: bool = False,
) -> Pulled:
    """Find the file, read the database, and write what Prisma would; ``tell`` hears where, before.

    With ``only_print`` nothing is written, with ``force`` the old models count for nothing. Raises
    UsageError, PrismaError (P1012, P4001, P4002), EnvFileError, EditError, ConnectError and DatabaseError;
    in all these cases the file is as it was.
    """
    path = find_schema(schema, folder)
    variables, loaded = load_variables(path, folder, environ)
    before = read(path) or ""
    document = parse(before)
    settings = _settings(document, path)
    datasource = document.of("datasource")[0]
    source = source_of(url or url_of(datasource, variables))
    schemas = settings.schemas or [source.schema]
    dsn = Dsn(source.text)
    address = f"{dsn.host or 'localhost'}:{dsn.port or 5432}"
    listed = bool(settings.schemas)
    tell(
        Place(path, tuple(loaded), settings.name, dsn.database, address, tuple(schemas), listed, url is None)
    )
    if not force and (problems := validate(document)):
        raise refuse(path, before, problems, ending=f"\n{_INVALID}")
    begun = time.monotonic()
    found = _introspect(source, document, schemas, force=force)
    if not only_print:
        write([Edit(path, before, found.text)])
    return Pulled(found.text, found.models, found.warnings, round((time.monotonic() - begun) * 1000))


def _settings(document: Document, path: str) -> Settings:
    datasources = document.of("datasource")
    if not datasources:
        if document.problems:
            raise refuse(path, document.text, document.problems, ending=f"\n{_INVALID}")
        raise PrismaError(
            "P1012",
            "error: Error validating: there is no datasource in the schema",
            hint='add one: datasource db { provider = "postgresql"; url = env("DATABASE_URL") }',
        )
    provider = datasources[0].setting("provider")
    if isinstance(provider, Text) and provider.value not in _PROVIDERS:
        raise UsageError(
            f"the datasource's provider is {provider.value!r}, and greylag pulls from PostgreSQL alone",
            hint="prisma db pull, of the project's own Prisma",
        )
    return Settings(document.of("generator"), datasources[0])


def _introspect(source: Source, document: Document, schemas: list[str], *, force: bool) -> Introspected:
    session = PostgresSession(source.text, "")
    try:
        catalog = session.catalog(schemas)
        sight = session.sight(schemas)
    except ConnectError as error:
        error.source = "the datasource's connection string"
        raise
    finally:
        session.close()
    try:
        return introspect(catalog, document, schemas, sight=sight, forget=force)
    except EmptyError:
        raise PrismaError("P4001", _EMPTY) from None
    except CrossSchemaError as error:
        words = _CROSS_SCHEMA.format(
            table=error.table, target=error.target, constraint=error.constraint, schema=error.schema
        )
        raise PrismaError("P4002", words) from None
