"""``resolve``: say what is true of a version where the tool cannot tell by itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from greylag.cli.colour import tint
from greylag.cli.columns import cut
from greylag.cli.decision import decide, one_target
from greylag.cli.halts import halt_facts, halted
from greylag.cli.options import Place, complete_target, json_option, place_options, shown_folder
from greylag.cli.render import header, out, out_json, server_facts
from greylag.cli.visit import way_to
from greylag.errors import UsageError
from greylag.model.care import WAYS_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.cli.colour import Tone
    from greylag.model.server import Server
    from greylag.operations.resolve import Settled, Situation

_CHOICES = ("resume", "from-start", "mark-applied", "mark-pending")
_MARKS = {"mark-applied": "applied", "mark-pending": "pending"}
_WIDTH = 72
_TONES: dict[str, Tone] = {"done": "good", "failed": "bad", "in doubt": "warn"}

_words = click.argument("targets", nargs=-1, metavar="VERSION... [TARGET]", shell_complete=complete_target)


@click.command()
@partial(place_options, words=_words)
@click.option(
    "--resume", "choice", flag_value="resume", help="Go on behind the statement in doubt: it took effect."
)
@click.option("--at", type=click.IntRange(min=1), metavar="N", help="With --resume: go on at statement N.")
@click.option("--from-start", "choice", flag_value="from-start", help="Begin again with statement 1.")
@click.option(
    "--mark-applied",
    "choice",
    flag_value="mark-applied",
    help="All of it is done by other means, or its file is as it should be: record it.",
)
@click.option(
    "--mark-pending",
    "choice",
    flag_value="mark-pending",
    help="Nothing of it is there: remove its record.",
)
@click.option("--yes", is_flag=True, help="Write to a protected target without being asked.")
@json_option
def resolve(place: Place, choice: str | None, at: int | None, yes: bool, as_json: bool) -> int:
    """Say what is true of a version where greylag cannot tell. Without an option: show what is known of it.

    A file with NO TRANSACTION that was broken off goes on by itself wherever its state can be read from the
    catalog; --resume and --from-start decide where it cannot. What ran then counts as done as the file says
    it now, edits included. --mark-applied also accepts an edited or deleted file. Nothing is run:
    greylag up goes on afterwards. Words of digits are versions, others name the target.
    """
    versions, place = _versions(place)
    _check(versions, choice, at)
    if choice is None:
        return _show(place, versions, as_json=as_json)
    from greylag.operations.resolve import go_on, mark

    with decide(place, "resolve", yes=yes) as (target, _, way, care):
        folder, session = shown_folder(target.folder), way.session
        if choice in _MARKS:
            settled = mark(session, folder, versions, care, applied=choice == "mark-applied")
        elif choice == "resume":
            settled = [go_on(session, folder, versions[0], care, choice="resume", at=at)]
        else:
            settled = [go_on(session, folder, versions[0], care, choice="from-start")]
        server = session.connect()
    if as_json:
        out_json(
            {
                "target": target.name,
                "server": server_facts(server),
                "choice": choice,
                "versions": [_settled_facts(each) for each in settled],
            }
        )
        return 0
    out(header(target.name, way.source, server))
    for each in settled:
        out(f"  {_settled_line(each, choice)}")
    return 0


def _versions(place: Place) -> tuple[list[int], Place]:
    """Words of digits are versions; a service is never called so."""
    numbers = [word for word in place.words if word.isascii() and word.isdigit()]
    others = tuple(word for word in place.words if word not in numbers)
    return list(dict.fromkeys(map(int, numbers))), place._replace(words=others)


def _check(versions: list[int], choice: str | None, at: int | None) -> None:
    if not versions:
        raise UsageError(
            "resolve needs a version: that is the number a file's name begins with",
            hint="greylag status names the files that are unfinished or edited",
        )
    if at is not None and choice != "resume":
        raise UsageError("--at says where --resume goes on, and --resume is not given")
    if len(versions) > 1 and choice in ("resume", "from-start"):
        raise UsageError(f"--{choice} is about one version, and {len(versions)} are given")


def _show(place: Place, versions: list[int], *, as_json: bool) -> int:
    from greylag.operations.resolve import situations

    target, resolution = one_target(place)
    with way_to(target, resolution, place) as way:
        server, found = situations(way.session, shown_folder(target.folder), versions)
    if as_json:
        out_json(_situation_facts(target.name, server, found))
    else:
        out(header(target.name, way.source, server))
        for situation in found:
            for line in _lines(situation):
                out(f"  {line}")
    return 0 if all(situation.halt for situation in found) else 1


def _lines(situation: Situation) -> Iterator[str]:
    halt, version = situation.halt, situation.version
    if halt is None:
        from greylag.operations.resolve import NotUnfinishedError

        error = NotUnfinishedError(version, situation.standing)
        yield f"{error.message}{f' ({situation.file})' if situation.file else ''}"
        if error.hint:
            yield f"next: {error.hint}"
        return
    yield f"{situation.file}: {halted(halt)}"
    states = _states(situation)
    for number, statement in enumerate(situation.statements, 1):
        state = states.get(number, "not run")
        tone = _TONES.get(state, "faint")
        text = cut(" ".join(statement.text.split()), _WIDTH)
        edited = f"  {tint('edited since', 'bad')}" if number in situation.edited else ""
        yield f"  {number:>3}. {tint(state.ljust(8), tone)}  {text}{edited}"
    if not situation.statements:
        yield "  its file is not in this folder"
    yield "look at the database, then say what is true:"
    behind = halt.number + situation.doubtful
    took = f"statement {halt.number} took effect" if situation.doubtful else "what ran is as good as the file"
    yield f"  greylag resolve {version} --resume        {took}: go on at statement {behind}"
    yield f"  greylag resolve {version} --from-start    begin again with statement 1"
    direction = halt.unfinished.direction
    option, end = WAYS_OUT[direction]
    word = "record" if direction == "up" else "forget"
    yield f"  greylag resolve {version} {option}  {end}: {word} the version"


def _states(situation: Situation) -> dict[int, str]:
    if situation.halt is None:
        return {}
    return {
        each.number: ("in doubt" if each.apart else "undone") if each.state == "begun" else each.state
        for each in situation.halt.unfinished.attempts
    }


def _settled_line(settled: Settled, choice: str) -> str:
    name = settled.file or f"version {settled.version}"
    if settled.statement:
        return f"{name} goes on at statement {settled.statement}: greylag {settled.direction} does it"
    if not settled.changed:
        return f"{name}: nothing to do, it is recorded as {_MARKS[choice]} already"
    return f"{name} is recorded as {_MARKS[choice]}; nothing was run"


def _settled_facts(settled: Settled) -> dict[str, object]:
    return {
        "version": settled.version,
        "file": settled.file,
        "statement": settled.statement or None,
        "changed": settled.changed,
    }


def _situation_facts(target: str, server: Server, found: list[Situation]) -> dict[str, object]:
    return {
        "target": target,
        "server": server_facts(server),
        "choice": None,
        "versions": [
            {
                "version": each.version,
                "file": each.file,
                "state": each.standing,
                "unfinished": halt_facts(each.halt) if each.halt else None,
                "in_doubt": each.doubtful,
                "edited_statements": sorted(each.edited),
            }
            for each in found
        ],
    }
