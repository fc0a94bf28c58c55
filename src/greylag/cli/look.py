"""Verbs that only look: version, plan. Neither of them writes to a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from greylag.cli.colour import tint
from greylag.cli.options import (
    VersionType,
    json_option,
    missing_option,
    place_options,
    run_options,
    shown_folder,
)
from greylag.cli.render import header, out, out_json, server_facts
from greylag.cli.visit import visit
from greylag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.cli.options import Place
    from greylag.environments.resolution import Resolution
    from greylag.model.migration import Script
    from greylag.model.target import Target
    from greylag.operations.plan import Foresight
    from greylag.operations.reach import Reach


@click.command()
@place_options
@json_option
def version(place: Place, as_json: bool) -> int:
    """Show the version each database is at; 0 before the first migration."""
    from greylag.operations.survey import current_of

    facts = []

    def tell(target: Target, _: Resolution, way: Reach) -> None:
        server, current = current_of(way.session)
        facts.append({"target": target.name, "version": current, "server": server_facts(server)})
        if not as_json:
            out(header(target.name, way.source, server))
            out(f"  version {current}")

    code = visit(place, tell)
    if as_json and code == 0:
        out_json(facts)
    return code


@click.command()
@click.option(
    "--for", "verb", default="up", show_default=True, metavar="VERB", help="The verb to plan: up, down, …"
)
@click.option("--to", "to", type=VersionType(), metavar="VERSION", help="Where up-to and down-to end.")
@place_options
@missing_option
@click.option("--sql", is_flag=True, help="Print the statements too, as they would be sent.")
@json_option
def plan(*, verb: str, to: int | None, place: Place, allow_missing: bool, sql: bool, as_json: bool) -> int:
    """Show what would run, in order. Files are parsed, nothing is written."""
    if to is not None and verb in ("up", "down"):
        verb = f"{verb}-to"
    return show_plan(place, verb, to, allow_missing=allow_missing, as_json=as_json, sql=sql)


def show_plan(
    place: Place, verb: str, to: int | None, *, allow_missing: bool, as_json: bool, sql: bool = False
) -> int:
    """Print the plan of a verb for every target meant; ``--dry-run`` of the verbs comes here too."""
    from greylag.operations.plan import PLANNERS, foresee

    if verb not in PLANNERS:
        raise UsageError(f"{verb!r} cannot be planned", hint=f"plan knows {', '.join(PLANNERS)}")
    if verb.endswith("-to") and to is None:
        raise UsageError(f"{verb} needs a version", hint=f"greylag plan --for {verb} --to VERSION")
    facts = []

    def tell(target: Target, resolution: Resolution, way: Reach) -> None:
        options = run_options(resolution, allow_missing=allow_missing)
        found = foresee(way.session, shown_folder(target.folder), verb, options, version=to)
        if as_json:
            facts.append(_plan_facts(target, verb, found))
            return
        out(header(target.name, way.source, found.server))
        for line in _plan_lines(verb, found, sql=sql):
            out(line)

    code = visit(place, tell)
    if as_json and code == 0:
        out_json(facts)
    return code


def _plan_lines(verb: str, found: Foresight, *, sql: bool) -> Iterator[str]:
    if not found.tracked:
        yield "  the version table would be made first"
    if not found.scripts:
        yield f"  {verb} has nothing to run, at version {found.current}"
    for number, script in enumerate(found.scripts, 1):
        manner = "" if script.transactional else ", outside a transaction"
        plural = "" if script.count == 1 else "s"
        word = tint(script.direction, "good" if script.direction == "up" else "warn")
        yield f"  {number}. {word} {script.migration.path} ({script.count} statement{plural}{manner})"
        if sql:
            yield from _statement_lines(script)


def _statement_lines(script: Script) -> Iterator[str]:
    for statement in script.statements:
        for line in statement.text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split("\n"):
            yield f"       {line}" if line else ""


def _plan_facts(target: Target, verb: str, found: Foresight) -> dict[str, object]:
    return {
        "target": target.name,
        "verb": verb,
        "server": server_facts(found.server),
        "version": found.current,
        "makes_version_table": not found.tracked,
        "steps": [
            {
                "version": script.migration.version,
                "file": script.migration.path,
                "direction": script.direction,
                "transactional": script.transactional,
                "statements": [
                    statement.text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
                    for statement in script.statements
                ],
            }
            for script in found.scripts
        ],
    }
