"""Verbs that only look: status, version, plan. None of them writes to a database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from greylag.cli.colour import tint
from greylag.cli.explain import explain
from greylag.cli.options import (
    VersionType,
    json_option,
    missing_option,
    place_options,
    run_options,
    shown_folder,
)
from greylag.cli.render import error_facts, header, out, out_json, server_facts, table
from greylag.cli.visit import visit, way_to
from greylag.errors import (
    DatabaseError,
    EmbeddedError,
    FilesError,
    GreylagError,
    SecretError,
    TargetError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.cli.options import Place
    from greylag.environments.resolution import Resolution
    from greylag.model.migration import Script
    from greylag.model.target import Target
    from greylag.operations.plan import Foresight
    from greylag.operations.reach import Reach
    from greylag.operations.survey import Survey


_TROUBLES: dict[type[GreylagError], str] = {
    DatabaseError: "unreachable",
    EmbeddedError: "unreachable",
    FilesError: "files at fault",
    SecretError: "no connection string",
    TargetError: "refused",
}
"""Why a target has no state, in the words of the matrix."""


@click.command()
@place_options
@click.option("--check", is_flag=True, help="Exit with 1 when anything is pending.")
@json_option
def status(place: Place, check: bool, as_json: bool) -> int:
    """Show what is applied and what is pending. One target is listed file by file, several as a matrix."""
    from greylag.operations.survey import survey

    resolution = place.resolve()
    surveys: list[tuple[Target, Survey | GreylagError]] = []
    sources = {}
    for target in resolution.targets:
        try:
            with way_to(target, resolution, place) as way:
                sources[target.name] = way.source
                surveys.append((target, survey(way.session, shown_folder(target.folder))))
        except GreylagError as error:
            surveys.append((target, error))
    failed = [(target, found) for target, found in surveys if isinstance(found, GreylagError)]
    alone = len(surveys) == 1
    if as_json:
        out_json(
            [
                {"target": target.name, "error": error_facts(found)}
                if isinstance(found, GreylagError)
                else _survey_facts(target, sources[target.name], found)
                for target, found in surveys
            ]
        )
    elif not alone:
        for line in matrix(surveys):
            out(line)
    for target, found in surveys if alone and not as_json else ():
        if not isinstance(found, GreylagError):
            out(header(target.name, sources[target.name], found.server))
            for line in _listing(found):
                out(line)
    for target, failure in failed:
        print(explain(failure, subject="" if alone else target.name), file=sys.stderr)
    if failed:
        return failed[0][1].exit_code
    waiting = any(found.pending for _, found in surveys if not isinstance(found, GreylagError))
    return 1 if check and waiting else 0


def _listing(found: Survey) -> list[str]:
    lines = ["    Applied At                  Migration", "    ======================================="]
    for entry in found.entries:
        at = entry.at.strftime("%a %b %e %H:%M:%S %Y") if entry.at else ""
        state = at or {"pending": "Pending", "missing": "Missing"}.get(entry.state, "Applied")
        tone = {"pending": "warn", "missing": "bad"}.get(entry.state)
        padded = f"{state:<24}"
        lines.append(f"    {tint(padded, tone) if tone else padded} -- {entry.migration.name}")  # type: ignore[arg-type]
    if not found.entries:
        lines.append("    no migration files")
    gone = tint("No file here".ljust(24), "bad")
    lines += [f"    {gone} -- {version}" for version in found.ahead]
    if found.rows is None:
        lines.append("    (no version table yet: up makes it)")
    missing = sum(entry.state == "missing" for entry in found.entries)
    if missing:
        lines.append(
            f"    {missing} missing: older than the newest applied version; see --allow-missing of up"
        )
    return lines


def matrix(surveys: list[tuple[Target, Survey | GreylagError]]) -> list[str]:
    """One row per target: where it is, how many files are applied, how many wait."""
    rows = []
    for target, found in surveys:
        service = target.service or target.name
        if isinstance(found, GreylagError):
            rows.append([service, target.database, target.environment, "", "", tint(_trouble(found), "bad")])
            continue
        waiting = len(found.pending)
        state = tint("up to date", "good") if not waiting else tint(f"{waiting} pending", "warn")
        if found.ahead:
            state += tint(f", {len(found.ahead)} without a file", "bad")
        applied = f"{len(found.entries) - waiting}/{len(found.entries)}"
        rows.append([service, found.server.database, target.environment, str(found.current), applied, state])
    return table(["service", "database", "environment", "version", "files", "state"], rows)


def _trouble(error: GreylagError) -> str:
    return next((word for kind, word in _TROUBLES.items() if isinstance(error, kind)), "error")


def _survey_facts(target: Target, source: str, found: Survey) -> dict[str, object]:
    return {
        "target": target.name,
        "source": source,
        "server": server_facts(found.server),
        "version": found.current,
        "tracked": found.rows is not None,
        "pending": len(found.pending),
        "migrations": [
            {
                "version": entry.migration.version,
                "file": entry.migration.path,
                "state": entry.state,
                "applied_at": entry.at.isoformat() if entry.at else None,
            }
            for entry in found.entries
        ],
        "without_file": found.ahead,
    }


@click.command()
@place_options
@json_option
def version(place: Place, as_json: bool) -> int:
    """Show the version each database is at; 0 before the first migration."""
    from greylag.operations.survey import survey

    facts = []

    def tell(target: Target, _: Resolution, way: Reach) -> None:
        found = survey(way.session, shown_folder(target.folder))
        facts.append({"target": target.name, "version": found.current, "server": server_facts(found.server)})
        if not as_json:
            out(header(target.name, way.source, found.server))
            out(f"  version {found.current}")

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
