"""Verbs on files: new, create, validate, fix."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from greylag.cli.explain import explain
from greylag.cli.options import (
    Place,
    VersionType,
    complete_target,
    folder_option,
    json_option,
    shown_folder,
    targets_argument,
)
from greylag.cli.render import error_facts, out, out_json, table
from greylag.errors import UsageError

if TYPE_CHECKING:
    from greylag.model.target import Target


def _folder(place: Place) -> str:
    from greylag.environments.resolution import only_target

    return shown_folder(only_target(place.folders()).folder)


@click.command()
@click.argument("name", required=False, metavar="NAME")
@click.argument("target", required=False, shell_complete=complete_target)
@click.option(
    "--template",
    type=click.Choice(("table", "function", "index", "not-null")),
    help="Write a form in its safe shape; not-null is a series of four files.",
)
@click.option("--on", metavar="TABLE", help="The template's table, as the database spells it.")
@click.option("--column", metavar="COLUMN", help="The template's column.")
@click.option("--value", metavar="SQL", help="What not-null puts into rows without a value.")
@click.option(
    "--reverse",
    type=VersionType(),
    multiple=True,
    metavar="VERSION",
    help="Write the migration that undoes VERSION; may be repeated. There is no NAME then.",
)
@click.option(
    "--reverse-to", type=VersionType(), metavar="VERSION", help="The same for every file newer than VERSION."
)
@click.option(
    "--from-journal", is_flag=True, help="Take the text of what is reversed from the target's database."
)
@folder_option
@json_option
def new(
    *,
    name: str | None,
    target: str | None,
    template: str | None,
    on: str | None,
    column: str | None,
    value: str | None,
    reverse: tuple[int, ...],
    reverse_to: int | None,
    from_journal: bool,
    folder: str | None,
    as_json: bool,
) -> int:
    """Make a migration file called NAME for a target's database.

    Its version is the time in UTC, or the next number in a folder that is numbered, and never one that a
    file here, on another branch or in another worktree has.

    With --template its text is more than the two annotations. What --on, --column and --value do not fill in
    is left as <table>, <column> and <value>, and PostgreSQL refuses the file until you have done so.

    With --reverse the Up of the new file is the Down of VERSION's, and its Down that one's Up, as they are
    written. Several are undone newest first, in one file if all of them run in transactions.
    """
    place = Place((target,) if target else (), None, folder)
    blanks = (on, column, value)
    if reverse or reverse_to is not None:
        if target or template:
            hint = f"leave out {name if target else '--template'}"
            raise UsageError("a reversal has its name and text from what it reverses", hint=hint)
        place = place._replace(words=(name,) if name else ())
        paths = _reverse(place, reverse, reverse_to, from_journal=from_journal)
    elif from_journal:
        raise UsageError("--from-journal is for a reversal", hint="add --reverse VERSION")
    elif not name:
        raise UsageError(
            "a migration needs a name", hint="greylag new NAME, or greylag new --reverse VERSION"
        )
    elif template:
        paths = _fill_in(place, name, template, blanks)
    elif blanks != (None, None, None):
        raise UsageError("--on, --column and --value fill in a template", hint="add --template")
    else:
        paths = _write(place, name)
    if as_json:
        files = [{"file": path, "version": _version(path)} for path in paths]
        out_json({**files[0], "files": files})
        return 0
    for path in paths:
        out(path)
    return 0


def _version(path: str) -> int:
    return int(os.path.basename(path).partition("_")[0])


def _write(place: Place, name: str) -> list[str]:
    from greylag.operations.new import new as operation

    return [operation(_folder(place), name)]


def _fill_in(place: Place, name: str, template: str, blanks: tuple[str | None, ...]) -> list[str]:
    from greylag.environments.resolution import only_target
    from greylag.operations.new import write_series
    from greylag.operations.template import Blanks, drafts

    target = only_target(place.folders())
    return write_series(shown_folder(target.folder), drafts(name, template, _engine(target), Blanks(*blanks)))


def _engine(target: Target) -> str:
    """A plain folder is of the engine that the surroundings name a database of."""
    if target.service:
        return target.engine
    from greylag.environments.environ import Environ
    from greylag.environments.plain_folder import connection_in

    found = connection_in(Environ(os.environ, os.getcwd()))
    return found[0].engine if found else target.engine


def _reverse(place: Place, versions: tuple[int, ...], above: int | None, *, from_journal: bool) -> list[str]:
    from greylag.environments.resolution import only_target
    from greylag.operations import reverse
    from greylag.operations.new import write_series
    from greylag.operations.reach import reach

    if from_journal:
        resolution = place.resolve()
        target = only_target(resolution)
        folder = shown_folder(target.folder)
        way = reach(target, resolution, os.environ)
        try:
            sources = reverse.from_journal(way.session, versions, above=above)
        finally:
            way.session.close()
    else:
        folder = _folder(place)
        sources = reverse.from_folder(folder, versions, above=above)
    return write_series(folder, reverse.reversals(sources))


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
    """Check names, versions and both directions of every file, without a database.

    For PostgreSQL it also tells what greylag up will refuse or trip over: transaction control, COPY FROM
    stdin, and what cannot run in a transaction. Notes do not make it fail.
    """
    from greylag.cli.findings import finding_facts, finding_text
    from greylag.operations.inspection import inspect

    resolution = Place(targets, None, folder).folders()
    facts, faults, findings = [], [], []
    for target in resolution.targets:
        found = inspect(shown_folder(target.folder), _engine(target))
        facts += found.files
        faults += found.faults
        findings += found.findings
    errors = [finding for finding in findings if finding.severity == "error"]
    if as_json:
        out_json(
            {
                "files": [fact._asdict() for fact in facts],
                "faults": [error_facts(fault) for fault in faults],
                "findings": [finding_facts(finding) for finding in findings],
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
        for finding in findings:
            print(finding_text(finding), file=sys.stderr)
        sound = len({fact.path for fact in facts} - {finding.where.path for finding in errors})
        notes = len(findings) - len(errors)
        last = f"{sound} sound, {_count(len(faults) + len(errors), 'fault')}"
        out(last + (f", {_count(notes, 'note')}" if notes else ""))
    return 1 if faults or errors else 0


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


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
