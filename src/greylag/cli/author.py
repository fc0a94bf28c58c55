"""Verbs on files: new, create, validate, fix."""

from __future__ import annotations

import os
import sys

import click

from greylag.cli.explain import explain
from greylag.cli.options import (
    Place,
    complete_target,
    folder_option,
    json_option,
    shown_folder,
    targets_argument,
)
from greylag.cli.render import error_facts, out, out_json, table
from greylag.errors import UsageError


def _folder(place: Place) -> str:
    from greylag.environments.resolution import only_target

    return shown_folder(only_target(place.folders()).folder)


@click.command()
@click.argument("name")
@click.argument("target", required=False, shell_complete=complete_target)
@folder_option
@json_option
def new(name: str, target: str | None, folder: str | None, as_json: bool) -> int:
    """Make a migration file called NAME for a target's database.

    Its version is the time in UTC, or the next number in a folder that is numbered, and never one that a
    file here, on another branch or in another worktree has.
    """
    from greylag.operations.new import new as operation

    path = operation(_folder(Place((target,) if target else (), None, folder)), name)
    if as_json:
        out_json({"file": path, "version": int(os.path.basename(path).partition("_")[0])})
    else:
        out(path)
    return 0


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def create(words: tuple[str, ...]) -> int:
    """goose's word for new."""
    name = words[0] if words else "NAME"
    raise UsageError(
        "greylag has no create",
        hint=f"greylag new {name}, or goose create as ever: greylag goose create {name} sql",
    )


@click.command()
@targets_argument
@folder_option
@json_option
def validate(targets: tuple[str, ...], folder: str | None, as_json: bool) -> int:
    """Check names, versions and both directions of every file, without a database."""
    from greylag.operations.inspection import inspect

    resolution = Place(targets, None, folder).folders()
    facts, faults = [], []
    for target in resolution.targets:
        found = inspect(shown_folder(target.folder))
        facts += found.files
        faults += found.faults
    if as_json:
        out_json(
            {
                "files": [fact._asdict() for fact in facts],
                "faults": [error_facts(fault) for fault in faults],
            }
        )
    else:
        alone = len(resolution.targets) == 1
        rows = [
            [
                os.path.basename(f.path) if alone else f.path,
                "yes" if f.transactional else "no",
                str(f.up),
                str(f.down),
            ]
            for f in facts
        ]
        for line in table(["file", "transaction", "up", "down"], rows):
            out(line)
        for fault in faults:
            print(explain(fault), file=sys.stderr)
        plural = "" if len(faults) == 1 else "s"
        out(f"{len(facts)} sound, {len(faults)} fault{plural}")
    return 1 if faults else 0


@click.command()
@click.argument("target", required=False, shell_complete=complete_target)
@folder_option
@click.option("--dry-run", is_flag=True, help="Show the new names, rename nothing.")
@json_option
def fix(target: str | None, folder: str | None, dry_run: bool, as_json: bool) -> int:
    """Renumber time-stamped files in sequence, as goose does.

    A database that has applied them knows them by their old versions and would take them for new ones: do
    this only before they are applied anywhere.
    """
    from greylag.operations.fix import fix as operation
    from greylag.operations.fix import renames

    place = _folder(Place((target,) if target else (), None, folder))
    chosen = renames(place) if dry_run else operation(place)
    if as_json:
        out_json([{"from": old, "to": fresh} for old, fresh in chosen])
        return 0
    lines = [f"{old} -> {fresh}" for old, fresh in chosen]
    for line in lines or ["nothing to renumber"]:
        out(line)
    return 0
