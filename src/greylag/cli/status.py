"""``status``: files and versions of one target in a list, those of several in a matrix."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from greylag.cli.colour import tint
from greylag.cli.explain import explain
from greylag.cli.goose.moments import ansi
from greylag.cli.halts import halt_facts, halted
from greylag.cli.options import json_option, place_options, shown_folder
from greylag.cli.render import ENGINES, error_facts, header, out, out_json, server_facts, table
from greylag.cli.visit import way_to
from greylag.errors import DatabaseError, EmbeddedError, FilesError, GreylagError, SecretError, TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.cli.colour import Tone
    from greylag.cli.options import Place
    from greylag.model.target import Target
    from greylag.operations.survey import Survey

_WORDS = {"pending": "Pending", "missing": "Missing"}
_TONES: dict[str, Tone] = {"pending": "warn", "missing": "bad"}

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
    from greylag.operations.early import start_ahead
    from greylag.operations.survey import survey

    resolution = place.resolve()
    start_ahead(resolution, os.environ)
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
            out("\n".join(_listing(found)))  # ten thousand lines are one write
    for target, failure in failed:
        print(explain(failure, subject="" if alone else target.name), file=sys.stderr)
    if failed:
        return failed[0][1].exit_code
    waiting = any(found.pending for _, found in surveys if not isinstance(found, GreylagError))
    return 1 if check and waiting else 0


def _listing(found: Survey) -> list[str]:
    lines = ["    Applied At                  Migration", "    ======================================="]
    begun = {halt.unfinished.version: halt for halt in found.halts}
    for entry in found.entries:
        halt = begun.pop(entry.migration.version, None)
        at = ansi(entry.at) if entry.at else ""
        word = "Unfinished" if halt else _WORDS.get(entry.state, at or "Applied")
        tone = "bad" if halt else _TONES.get(entry.state)
        padded = tint(f"{word:<24}", tone) if tone else f"{word:<24}"
        edited = f"  {tint('edited since it was applied', 'bad')}" if entry.edited else ""
        lines.append(f"    {padded} -- {entry.migration.name}{edited}")
        if halt:
            lines.append(f"        {halted(halt)}")
    if not found.entries:
        lines.append("    no migration files")
    gone = tint("No file here".ljust(24), "bad")
    lines += [f"    {gone} -- {each.file or each.version}" for each in found.gone]
    return (
        lines + [f"    {halt.unfinished.file}: {halted(halt)}" for halt in begun.values()] + _remarks(found)
    )


def _remarks(found: Survey) -> list[str]:
    lines = []
    if found.rows is None:
        lines.append("(no version table yet: up makes it)")
    missing = sum(entry.state == "missing" for entry in found.entries)
    if missing:
        lines.append(f"{missing} missing: older than the newest applied version; see --allow-missing of up")
    ahead = [str(each.file or each.version) for each in found.gone if each.ahead]
    if ahead:
        lines.append(f"ahead of this checkout by {len(ahead)}: {', '.join(ahead)}")
    if found.edited:
        versions = [str(entry.migration.version) for entry in found.edited]
        lines.append(
            f"{len(versions)} edited: up stops there; put the file back (greylag history --text "
            f"{versions[0]}), or accept it as it is: greylag resolve {' '.join(versions)} --mark-applied"
        )
    if found.blind:
        lines.append("(this role may not read greylag's journal: what was edited or broken off is not shown)")
    return [f"    {line}" for line in lines]


def matrix(surveys: list[tuple[Target, Survey | GreylagError]]) -> list[str]:
    """One row per target: where it is, how many files are applied, how many wait."""
    rows = []
    for target, found in surveys:
        service = target.service or target.name
        if isinstance(found, GreylagError):
            place = [service, target.database, ENGINES.get(target.engine, target.engine), target.environment]
            rows.append([*place, "", "", tint(_trouble(found), "bad")])
            continue
        waiting = len(found.pending)
        state = tint("up to date", "good") if not waiting else tint(f"{waiting} pending", "warn")
        state += "".join(tint(f", {trouble}", "bad") for trouble in _troubles(found))
        applied = f"{len(found.entries) - waiting}/{len(found.entries)}"
        engine = ENGINES.get(found.server.engine, found.server.engine)
        place = [service, found.server.database, engine, target.environment]
        rows.append([*place, str(found.current), applied, state])
    return table(["service", "database", "engine", "environment", "version", "files", "state"], rows)


def _troubles(found: Survey) -> Iterator[str]:
    ahead = sum(each.ahead for each in found.gone)
    counts = {
        "unfinished": len(found.halts),
        "edited": len(found.edited),
        "without a file": len(found.gone) - ahead,
    }
    yield from (f"{count} {word}" for word, count in counts.items() if count)
    if ahead:
        yield f"ahead by {ahead}"


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
                "edited": entry.edited,
            }
            for entry in found.entries
        ],
        "without_file": [each.version for each in found.gone],
        "ahead": [{"version": each.version, "file": each.file} for each in found.gone if each.ahead],
        "unfinished": [halt_facts(halt) for halt in found.halts],
        "journal_readable": not found.blind,
    }
