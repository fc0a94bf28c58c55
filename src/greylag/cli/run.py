"""Verbs that change a database: up, up-to, up-by-one, down, down-to, redo, reset."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from greylag.cli.explain import explain
from greylag.cli.interrupt import SignalInterrupt
from greylag.cli.options import (
    VersionType,
    dry_run_option,
    json_option,
    missing_option,
    place_options,
    timeout_option,
)
from greylag.cli.render import event_facts, event_line, header, out, out_json, server_facts
from greylag.errors import ApplyError, DatabaseError, GreylagError, TargetError
from greylag.model.event import Nothing, Ran, Reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.cli.options import Place
    from greylag.environments.resolution import Resolution
    from greylag.model.event import Event
    from greylag.model.target import Target
    from greylag.operations.connect import Session
    from greylag.operations.options import RunOptions

    Operation = Callable[[Session, str, RunOptions], Iterator[Event]]


class Manner:
    """How a run was asked for: the flags every verb of this module shares."""

    def __init__(
        self,
        verb: str,
        *,
        timeout: float | None,
        dry_run: bool,
        as_json: bool,
        allow_missing: bool = False,
        version: int | None = None,
        yes: bool = False,
    ) -> None:
        self.verb = verb
        self.timeout = timeout
        self.dry_run = dry_run
        self.as_json = as_json
        self.allow_missing = allow_missing
        self.version = version
        self.yes = yes


def carry_out(place: Place, manner: Manner, operation: Operation) -> int:
    """Run a verb on every target meant, one after the other; the first failure ends it. The exit code."""
    if manner.dry_run:
        from greylag.cli.look import show_plan

        return show_plan(
            place, manner.verb, manner.version, allow_missing=manner.allow_missing, as_json=manner.as_json
        )
    resolution = place.resolve()
    for target in resolution.targets:
        _check_protected(target, manner)
    with SignalInterrupt() as interrupt:
        for target in resolution.targets:
            try:
                _run_target(target, resolution, place, manner, operation=operation, interrupt=interrupt)
            except GreylagError as error:
                if manner.as_json:
                    out_json({"event": "failed", "target": target.name, "error": error_facts(error)})
                subject = target.name if len(resolution.targets) > 1 else ""
                print(explain(error, subject=subject), file=sys.stderr)
                return error.exit_code
    return 0


def run_options(resolution: Resolution, *, allow_missing: bool) -> RunOptions:
    """greylag's way to read and run: lines of any length, out of order as the config says."""
    from greylag.operations.options import RunOptions, any_line_options

    configured = bool(resolution.workspace and resolution.workspace.apply.out_of_order)
    return RunOptions(allow_missing=allow_missing or configured, parse=any_line_options())


def shown_folder(folder: str) -> str:
    """A target's folder as output shows it: relative to the working folder when it lies below."""
    relative = os.path.relpath(folder)
    return folder if relative.startswith("..") else relative


def error_facts(error: GreylagError) -> dict[str, object]:
    """An error as JSON."""
    from greylag.model.masking import masked

    facts: dict[str, object] = {"code": error.code, "message": masked(error.message), "hint": error.hint}
    if isinstance(error, ApplyError):
        facts |= {"file": error.migration.path, "stage": error.stage, "sqlstate": error.cause.sqlstate}
        if error.statement is not None:
            line, column = error.statement.place(max(error.cause.position, 1) - 1)
            facts |= {"line": line, "column": column}
    elif error.where is not None:
        facts |= {"file": error.where.path, "line": error.where.line, "column": error.where.column}
    return facts


def _run_target(
    target: Target,
    resolution: Resolution,
    place: Place,
    manner: Manner,
    *,
    operation: Operation,
    interrupt: SignalInterrupt,
) -> None:
    from greylag.operations.reach import reach

    way = reach(
        target,
        resolution,
        os.environ,
        table=place.table,
        timeout_seconds=manner.timeout,
        interrupt=interrupt,
    )
    try:
        server = way.session.connect()
        if manner.as_json:
            out_json(
                {"event": "connected", "target": target.name, "source": way.source, **server_facts(server)}
            )
        else:
            out(header(target.name, way.source, server))
        options = run_options(resolution, allow_missing=manner.allow_missing)
        try:
            run = partial(operation, way.session, shown_folder(target.folder), options)
            for event in rounded_off(run, way.session):
                if manner.as_json:
                    out_json(event_facts(event, target.name))
                else:
                    out(event_line(event))
        except ApplyError as error:
            _complete(error, way.session)
            raise
    finally:
        way.session.close()


def rounded_off(run: Callable[[], Iterator[Event]], session: Session) -> Iterator[Event]:
    """The events of a run, so that every run ends by saying at which version the database is.

    goose is silent after down, redo and reset, and says "no migrations to run" after a down-to that ran some.
    """
    from greylag.operations.aftermath import current_version

    ran = ended = False
    try:
        for event in run():
            if isinstance(event, Ran):
                ran = True
                yield event
            else:
                ended = True  # an error may still follow: "no next version found"
                yield Reached(event.current) if ran and isinstance(event, Nothing) else event
    except DatabaseError as error:
        if not error.no_history:  # reset on a fresh database
            raise
        yield Nothing(0)
        return
    version = None if ended else current_version(session)
    if version is not None:
        yield Reached(version) if ran else Nothing(version)


def _complete(error: ApplyError, session: Session) -> None:
    """Ask the database where it stands now and which way on there is."""
    from greylag.operations.aftermath import standing
    from greylag.operations.reach import server_hint

    error.stands = error.stands or standing(error, session)
    error.hint = error.hint or server_hint(error.cause.sqlstate, error.cause.message)


def _check_protected(target: Target, manner: Manner) -> None:
    """Protected environments go forward only, and only when they are meant by name."""
    if not target.protected:
        return
    if manner.verb in ("down", "down-to", "redo", "reset"):
        raise TargetError(
            f"{target.name} is protected: {manner.verb} is refused there",
            hint="go forward instead: greylag new NAME, write the reversal as its Up, ship it as any change",
        )
    if manner.yes:
        return
    if not sys.stdin.isatty():
        raise TargetError(
            f"{target.name} is protected and nobody can be asked here", hint="add --yes when it is meant"
        )
    if (
        click.prompt(f"{target.name} is protected. Type its name to go on", default="", show_default=False)
        != target.name
    ):
        raise TargetError(f"the name was not {target.name}: nothing was done")


yes_option = click.option("--yes", is_flag=True, help="Write to a protected target without being asked.")


@click.command()
@place_options
@missing_option
@timeout_option
@dry_run_option
@json_option
@yes_option
def up(
    *, place: Place, allow_missing: bool, timeout: float | None, dry_run: bool, as_json: bool, yes: bool
) -> int:
    """Apply all pending migrations, each file in a transaction of its own."""
    from greylag.operations.up import up as operation

    manner = Manner(
        "up", timeout=timeout, dry_run=dry_run, as_json=as_json, allow_missing=allow_missing, yes=yes
    )
    return carry_out(place, manner, operation)


@click.command()
@click.argument("version", type=VersionType())
@place_options
@missing_option
@timeout_option
@dry_run_option
@json_option
@yes_option
def up_to(
    *,
    version: int,
    place: Place,
    allow_missing: bool,
    timeout: float | None,
    dry_run: bool,
    as_json: bool,
    yes: bool,
) -> int:
    """Apply pending migrations up to and including VERSION."""
    from greylag.operations.up import up as operation

    manner = Manner(
        "up-to",
        timeout=timeout,
        dry_run=dry_run,
        as_json=as_json,
        allow_missing=allow_missing,
        version=version,
        yes=yes,
    )
    return carry_out(place, manner, partial(operation, to=version))


@click.command()
@place_options
@missing_option
@timeout_option
@dry_run_option
@json_option
@yes_option
def up_by_one(
    *, place: Place, allow_missing: bool, timeout: float | None, dry_run: bool, as_json: bool, yes: bool
) -> int:
    """Apply the next pending migration."""
    from greylag.operations.up import up as operation

    manner = Manner(
        "up-by-one", timeout=timeout, dry_run=dry_run, as_json=as_json, allow_missing=allow_missing, yes=yes
    )
    return carry_out(place, manner, partial(operation, one=True))


@click.command()
@place_options
@timeout_option
@dry_run_option
@json_option
def down(*, place: Place, timeout: float | None, dry_run: bool, as_json: bool) -> int:
    """Take back the newest applied migration."""
    from greylag.operations.down import down as operation

    return carry_out(place, Manner("down", timeout=timeout, dry_run=dry_run, as_json=as_json), operation)


@click.command()
@click.argument("version", type=VersionType())
@place_options
@timeout_option
@dry_run_option
@json_option
def down_to(*, version: int, place: Place, timeout: float | None, dry_run: bool, as_json: bool) -> int:
    """Take migrations back, newest first, until VERSION is the newest that is applied."""
    from greylag.operations.down import down_to as operation

    def to_version(session: Session, folder: str, options: RunOptions) -> Iterator[Event]:
        return operation(session, folder, version, options)

    manner = Manner("down-to", timeout=timeout, dry_run=dry_run, as_json=as_json, version=version)
    return carry_out(place, manner, to_version)


@click.command()
@place_options
@timeout_option
@dry_run_option
@json_option
def redo(*, place: Place, timeout: float | None, dry_run: bool, as_json: bool) -> int:
    """Take back the newest applied migration and apply it again."""
    from greylag.operations.down import redo as operation

    return carry_out(place, Manner("redo", timeout=timeout, dry_run=dry_run, as_json=as_json), operation)


@click.command()
@place_options
@timeout_option
@dry_run_option
@json_option
def reset(*, place: Place, timeout: float | None, dry_run: bool, as_json: bool) -> int:
    """Take back all migrations, newest first. Data in the tables they made is gone."""
    from greylag.operations.down import reset as operation

    return carry_out(place, Manner("reset", timeout=timeout, dry_run=dry_run, as_json=as_json), operation)
