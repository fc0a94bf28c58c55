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
    from greylag.model.care import Resume
    from greylag.model.facts import Facts
    from greylag.model.migration import Statement
    from greylag.model.target import Target
    from greylag.operations.plan import Foreseen, Foresight
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
@click.option("--sql", is_flag=True, help="Print the statements too, each with the lock it asks for.")
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
    if not found.steps:
        yield f"  {verb} has nothing to run, at version {found.current}"
    for number, step in enumerate(found.steps, 1):
        script = step.script
        manner = "" if script.transactional else ", outside a transaction"
        kept = ", from the journal: its file is not here" if step.kept else ""
        plural = "" if script.count == 1 else "s"
        word = tint(script.direction, "good" if script.direction == "up" else "warn")
        yield f"  {number}. {word} {script.migration.path} ({script.count} statement{plural}{manner}{kept})"
        if step.resume is not None:
            yield f"       {_resumed(step.resume, script.count)}"
        if sql:
            yield from _statement_lines(found, step)


def _resumed(resume: Resume, count: int) -> str:
    number = resume.number
    if number > count:
        return "it was broken off and all of it took effect: only its version is recorded"
    before = {1: "", 2: "; statement 1 is done"}.get(number, f"; statements 1 to {number - 1} are done")
    asked = ", once the catalog was asked whether it took effect" if resume.doubtful else ""
    return f"it was broken off, and goes on at statement {number} of {count}{asked}{before}"


def _statement_lines(found: Foresight, step: Foreseen) -> Iterator[str]:
    from greylag.operations.plan import facts_of

    first = step.resume.number if step.resume else 1
    facts = facts_of(found, step.script)
    for number, (statement, fact) in enumerate(zip(step.script.statements, facts, strict=True), 1):
        remark = "done before" if number < first else _lock(fact)
        if remark:
            yield f"       {tint(f'-- {remark}', 'faint')}"
        for line in _readable(statement).split("\n"):
            yield f"       {line}" if line else ""


def _lock(facts: Facts | None) -> str:
    """The lock a statement asks for and on what, or why it would not be run."""
    if facts is None:
        return ""
    if facts.control:
        return f"refused by greylag: {facts.control.upper()} would end the transaction of the file"
    if facts.copies:
        return "refused by greylag: COPY FROM STDIN has no data to read"
    if not facts.lock:
        return ""
    where = f" on {', '.join(facts.relations)}" if facts.relations else ""
    return f"{facts.lock}{where}"


def _readable(statement: Statement) -> str:
    """A statement as JSON and terminals can have it: bytes that are no text are replaced."""
    return statement.text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _plan_facts(target: Target, verb: str, found: Foresight) -> dict[str, object]:
    return {
        "target": target.name,
        "verb": verb,
        "server": server_facts(found.server),
        "version": found.current,
        "makes_version_table": not found.tracked,
        "steps": [_step_facts(found, step) for step in found.steps],
    }


def _step_facts(found: Foresight, step: Foreseen) -> dict[str, object]:
    from greylag.operations.plan import facts_of

    script, resume = step.script, step.resume
    return {
        "version": script.migration.version,
        "file": script.migration.path,
        "direction": script.direction,
        "transactional": script.transactional,
        "from_journal": step.kept,
        "resume": {"statement": resume.number, "in_doubt": resume.doubtful} if resume else None,
        "statements": [_readable(statement) for statement in script.statements],
        "locks": [
            {"lock": facts.lock, "relations": list(facts.relations), "waits": facts.waits} if facts else None
            for facts in facts_of(found, script)
        ],
    }
