"""Verbs on where things are: init, dsn."""

from __future__ import annotations

import os
import time

import click

from greylag.cli.options import Place, complete_target, json_option
from greylag.cli.render import out, out_json


@click.command()
@click.option(
    "--check", is_flag=True, help="Show what would be written and stop; exit 1 if there is anything."
)
@click.option("--no-prisma", is_flag=True, help="Leave every package.json as it is.")
@json_option
def init(*, check: bool, no_prisma: bool, as_json: bool) -> int:
    """Write greylag.toml for the services and migrations found here; safe to run again.

    Without any migrations it starts a new tree with a first one. Otherwise a package.json that depends on
    Prisma gets the script "prisma": "greylag prisma", by which pnpm prisma and yarn prisma lead here.
    """
    from greylag.operations.init import init as operation
    from greylag.operations.write import diff, write

    found = operation(os.getcwd(), os.environ, now=time.time(), packages=not no_prisma)
    if as_json:
        out_json(
            {
                "config": found.config,
                "databases": [each._asdict() for each in found.found],
                "added": [each._asdict() for each in found.added],
                "written": [] if check else write(found.edits),
            }
        )
        return 1 if check and found.edits else 0
    shown = os.path.relpath(found.config)
    for each in found.found:
        name = f"{each.service}/{each.part}" if each.part else each.service
        folder = os.path.normpath(os.path.join(each.service_folder, each.migrations))
        plural = "" if each.files == 1 else "s"
        out(f"found {name}: {each.engine}, {each.files} file{plural} in {folder}")
    for edit in found.edits:
        out(diff(edit).rstrip("\n"))
    if not found.edits:
        out(f"{shown} says all of it already")
        return 0
    if check:
        return 1
    for path in write(found.edits):
        out(f"wrote {os.path.relpath(path)}")
    out("next: greylag status, then greylag up")
    return 0


@click.command()
@click.argument("target", required=False, shell_complete=complete_target)
@json_option
def dsn(target: str | None, as_json: bool) -> int:
    """Print the connection string of a target, password included, for other programs.

    For a local target the embedded server is started.
    """
    from greylag.environments.resolution import only_target
    from greylag.operations.reach import dsn_of

    resolution = Place((target,) if target else (), None, None).resolve()
    chosen = only_target(resolution)
    text = dsn_of(chosen, resolution, os.environ)
    if as_json:
        out_json({"target": chosen.name, "dsn": text})
    else:
        out(text)
    return 0
