"""How verbs that change a database are carried out: target after target, guarded, told as they go."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from greylag.cli.consent import ask_by_name
from greylag.cli.explain import explain
from greylag.cli.interrupt import SignalInterrupt
from greylag.cli.options import run_options, shown_folder
from greylag.cli.progress import teller
from greylag.cli.protected import BACK, refusal
from greylag.cli.render import error_facts, event_facts, event_line, header, out, out_json, server_facts
from greylag.errors import ApplyError, ConnectError, DatabaseError, GreylagError, LostError, TargetError
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


class Manner(NamedTuple):
    """How a run was asked for: the verb and the flags that verbs share."""

    verb: str
    timeout: float | None
    dry_run: bool
    as_json: bool
    allow_missing: bool = False
    version: int | None = None
    yes: bool = False
    lock_wait: float | None = None
    lock_timeout: float | None = None
    lock_budget: float | None = None
    atomic: bool = False


def carry_out(place: Place, manner: Manner, operation: Operation) -> int:
    """Run a verb on every target meant, one after the other; the first failure ends it. The exit code.

    That a schema.prisma cannot follow is 1 too, and ends nothing: the other databases are still migrated.
    """
    if manner.dry_run:
        from greylag.cli.look import show_plan

        return show_plan(
            place, manner.verb, manner.version, allow_missing=manner.allow_missing, as_json=manner.as_json
        )
    resolution = place.resolve()
    _check_meant(resolution, place, manner)
    for target in resolution.targets:
        _check_protected(target, manner)
    from greylag.operations.early import start_ahead

    start_ahead(resolution, os.environ)
    code = 0
    with SignalInterrupt() as interrupt:
        for target in resolution.targets:
            try:
                if not _run_target(
                    target, resolution, place, manner, operation=operation, interrupt=interrupt
                ):
                    code = 1
            except GreylagError as error:
                if manner.as_json:
                    out_json({"event": "failed", "target": target.name, "error": error_facts(error)})
                subject = target.name if len(resolution.targets) > 1 else ""
                print(explain(error, subject=subject), file=sys.stderr)
                return error.exit_code
    return code


def _run_target(
    target: Target,
    resolution: Resolution,
    place: Place,
    manner: Manner,
    *,
    operation: Operation,
    interrupt: SignalInterrupt,
) -> bool:
    """Run a verb on one target. Whether its schema.prisma follows too, where that is wanted."""
    from greylag.cli.follow import tell_schema
    from greylag.operations.manners import manners_of
    from greylag.operations.options import Care
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
        manners = manners_of(
            resolution.workspace,
            manner.verb,
            os.environ,
            lock_timeout=manner.lock_timeout,
            lock_budget=manner.lock_budget,
            lock_wait=manner.lock_wait,
            atomic=manner.atomic,
        )
        try:
            with teller(target.name, as_json=manner.as_json) as tell:
                care = Care(manners, tell)
                options = run_options(resolution, allow_missing=manner.allow_missing, care=care)
                run = partial(operation, way.session, shown_folder(target.folder), options)
                ran = False
                for event in rounded_off(run, way.session):
                    ran = ran or isinstance(event, Ran)
                    if manner.as_json:
                        out_json(event_facts(event, target.name))
                    else:
                        out(event_line(event))
        except ApplyError as error:
            _complete(error, way.session)
            raise
        return tell_schema(way.session, target, resolution, place, ran=ran, as_json=manner.as_json)
    except ConnectError as error:
        error.source = way.source
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
    from greylag.operations.troubles.registry import hint_for

    error.stands = error.stands or standing(error, session)
    error.hint = (
        error.hint
        # it names who held the lock; of a lost connection it is what is certain, which stands above
        or (error.cause.hint if error.journaled and not isinstance(error.cause, LostError) else None)
        or server_hint(error.cause.sqlstate, error.cause.message)
        or hint_for(error, session)
    )


def _check_meant(resolution: Resolution, place: Place, manner: Manner) -> None:
    """Going forward everywhere is a habit of local work; going back everywhere is a slip."""
    if manner.verb in BACK and len(resolution.targets) > 1 and not place.words:
        names = ", ".join(target.name for target in resolution.targets)
        raise TargetError(
            f"{manner.verb} without a target would take back {len(resolution.targets)} databases",
            hint=f"name the one that is meant: {names}",
        )


def _check_protected(target: Target, manner: Manner) -> None:
    """Protected environments go forward only, and only when they are meant by name."""
    if not target.protected:
        return
    if manner.verb in BACK:
        raise refusal(target.name, manner.verb, manner.version)
    ask_by_name(target, yes=manner.yes)
