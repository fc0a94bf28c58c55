"""``greylag prisma db pull``, with the words of the program it stands in for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from greylag.cli.colour import tint
from greylag.cli.prisma.migrate import refused_command

if TYPE_CHECKING:
    from greylag.errors import PrismaError
    from greylag.operations.prisma_pull import Place, Pulled


@click.group()
def db() -> None:
    """Work between a database and schema.prisma; what writes to a database is goose's business here."""


db.add_command(refused_command("db push"))


@db.command()
@click.option("--url", metavar="DSN", help="Connection string; otherwise the datasource's own.")
@click.option("--schema", metavar="FILE", help="The schema.prisma; otherwise where Prisma looks for one.")
@click.option("--print", "only_print", is_flag=True, help="Print the new schema, write nothing.")
@click.option("--force", is_flag=True, help="Forget the models of the old file.")
def pull(url: str | None, schema: str | None, *, only_print: bool, force: bool) -> int:
    """Write schema.prisma from the database, byte for byte as prisma db pull would.

    Names, maps, documentation and order of the old file are kept as Prisma keeps them. Exit 1 with Prisma's
    code (P1012, P4001, P4002) where Prisma refuses; the file is then as it was.
    """
    from greylag.errors import GreylagError, PrismaError
    from greylag.operations.prisma_pull import pull as operation

    spinner = _Spinner(silent=only_print)
    try:
        found = operation(url, schema, os.environ, spinner.start, only_print=only_print, force=force)
    except GreylagError as error:
        spinner.fail()
        if not isinstance(error, PrismaError):
            raise
        return _refused(error)
    if only_print:
        _print(found)
    else:
        spinner.succeed(found)
    return 0


class _Spinner:
    """Prisma's lines before and after the work. On a terminal the first of the two stands for a moment."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self._path = ""
        self._task = ""
        self._moving = sys.stdout.isatty()

    def start(self, place: Place) -> None:
        """Tell what is read and from where: the database's name and address, nothing secret."""
        if self._silent:
            return
        for path in place.loaded:
            sys.stderr.write(f"Environment variables loaded from {path}\n")
        self._path = os.path.relpath(place.path)
        several = ", ".join(place.schemas)
        where = f'schemas "{several}"' if place.listed else f'schema "{several}"'
        named = f' "{place.database}"' if place.database else ""
        database = f'PostgreSQL database{named}, {where} at "{place.address}"'
        sys.stdout.write(
            f'Prisma schema loaded from {self._path}\nDatasource "{place.datasource}": {database}\n\n'
        )
        self._task = "Introspecting" + (
            f" based on datasource defined in {self._path}" if place.based else ""
        )
        sys.stdout.write(f"- {self._task}" + ("" if self._moving else "\n"))
        sys.stdout.flush()

    def fail(self) -> None:
        """Tell that it did not work."""
        if self._task:
            sys.stdout.write(f"{self._clear()}{tint('✖', 'bad')} {self._task}\n")

    def succeed(self, found: Pulled) -> None:
        """Tell what was written, and Prisma's warnings."""
        models, wrote = ("models", "them") if found.models > 1 else ("model", "it")
        took = found.took_milliseconds
        shown = f"{took}ms" if took < 1000 else f"{took / 1000:.2f}s"
        warnings = f"\n{found.warnings}" if found.warnings else ""
        sys.stdout.write(
            f"{self._clear()}{tint('✔', 'good')} Introspected {found.models} {models} and wrote {wrote} into "
            f"{self._path} in {shown}\n      {warnings}\nRun prisma generate to generate Prisma Client.\n\n"
        )

    def _clear(self) -> str:
        return "\r\x1b[2K" if self._moving else ""


def _print(found: Pulled) -> None:
    sys.stdout.write(f"{found.text}\n")
    if found.warnings:
        lines = f"\n{found.warnings}".replace("\n", "\n// ")
        sys.stderr.write(f"{lines}\n")


def _refused(error: PrismaError) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"{tint('Error', 'bad', stream=sys.stderr)}: {error.prisma_code}\n\n{error.message}\n")
    if error.hint:
        sys.stderr.write(f"\n{tint('next', 'strong', stream=sys.stderr)}: {error.hint}\n")
    return error.exit_code
