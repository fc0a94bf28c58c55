"""The commands that work on a database."""

from __future__ import annotations

from greylag.cli.goose.log import log
from greylag.cli.goose.moments import ansi
from greylag.cli.goose.wording import sentence
from greylag.errors import (
    DatabaseError,
    DuplicateVersionError,
    FilesError,
    GreylagError,
    InterruptedRunError,
    PlanError,
    UsageError,
)
from greylag.model.event import Nothing, Ran
from greylag.model.go_duration import rounded, show_duration
from greylag.model.numbers import parse_int

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from greylag.model.event import Event
    from greylag.model.history import Stamp
    from greylag.operations.connect import Session
    from greylag.operations.options import RunOptions

_UP_TO = "goose: successfully migrated database to version: "
_UP_TO_FILE = "goose: up to current file version: "
_DOWN_TO_FILE = "goose: down to current file version: "


class Run:
    """What a command works with; ``finished`` counts the files it has run so far."""

    def __init__(self, session: Session, folder: str, options: RunOptions, arguments: Sequence[str]) -> None:
        self.session = session
        self.folder = folder
        self.options = options
        self.arguments = arguments
        self.finished = 0

    def follow(self, events: Iterable[Event], closing: str = "") -> None:
        """Print a line for each event; ``closing`` stands in front of the version that was reached."""
        for event in events:
            if isinstance(event, Ran):
                self.finished += 1
                word = "OK  " if event.statements else "EMPTY"
                log(f"{word} {event.migration.name} ({show_duration(rounded(event.took_ns))})")
            elif isinstance(event, Nothing):
                log(f"goose: no migrations to run. current version: {event.current}")
            else:
                log(f"{closing}{event.version}")


def _behind(prefix: str, error: GreylagError) -> GreylagError:
    """The error with goose's prefix; two kinds are told in a way of their own."""
    if isinstance(error, DuplicateVersionError | InterruptedRunError):
        return error
    return GreylagError(f"{prefix}: {sentence(error)}", hint=error.hint)


def _target(run: Run, command: str) -> int:
    if not run.arguments:
        raise UsageError(f"{command} must be of form: goose DRIVER DBSTRING [OPTIONS] {command} VERSION")
    try:
        return parse_int(run.arguments[0])
    except ValueError:
        raise UsageError(f"version must be a number (got '{run.arguments[0]}')") from None


def _up(run: Run) -> None:
    from greylag.operations.up import up

    run.follow(up(run.session, run.folder, run.options), _UP_TO if run.options.record else _UP_TO_FILE)


def _up_by_one(run: Run) -> None:
    from greylag.operations.up import up

    run.follow(up(run.session, run.folder, run.options, one=True), _UP_TO_FILE)


def _up_to(run: Run) -> None:
    from greylag.operations.up import up

    version = _target(run, "up-to")
    closing = _UP_TO if run.options.record else _UP_TO_FILE
    run.follow(up(run.session, run.folder, run.options, to=version), closing)


def _down(run: Run) -> None:
    from greylag.operations.down import down

    try:
        run.follow(down(run.session, run.folder, run.options), _DOWN_TO_FILE)
    except PlanError as error:
        raise error if error.version is None else _behind(f"migration {error.version}", error) from None


def _down_to(run: Run) -> None:
    from greylag.operations.down import down_to

    version = _target(run, "down-to")
    try:
        run.follow(down_to(run.session, run.folder, version, run.options), _DOWN_TO_FILE)
    except PlanError as error:
        if error.version is not None:
            log(
                f"goose: migration file not found for current version ({error.version}), "
                f"error: {error.message}"
            )
        raise


def _redo(run: Run) -> None:
    from greylag.operations.down import redo

    run.follow(redo(run.session, run.folder, run.options))


def _reset(run: Run) -> None:
    from greylag.operations.down import reset

    try:
        events = reset(run.session, run.folder, run.options)
    except FilesError as error:
        raise _behind("failed to collect migrations", error) from None
    except DatabaseError as error:
        raise _behind("failed to get status of migrations", error) from None
    try:
        run.follow(events, _DOWN_TO_FILE)
    except GreylagError as error:
        raise _behind("failed to db-down", error) if run.options.record else error from None


def _status(run: Run) -> None:
    from greylag.operations.status import status

    try:
        lines = status(run.session, run.folder, run.options)
    except FilesError as error:
        raise _behind("failed to collect migrations", error) from None
    except (DatabaseError, PlanError) as error:
        raise _behind("failed to ensure DB version", error) from None
    log("    Applied At                  Migration")
    log("    =======================================")
    try:
        for migration, stamp in lines:
            log(f"    {_state(run, stamp):<24} -- {migration.name}")
    except DatabaseError as error:
        raise _behind("failed to print status: failed to query the latest migration", error) from None


def _state(run: Run, stamp: Stamp | None) -> str:
    if not run.options.record:
        return "no versioning"
    if stamp is not None and stamp.fault:
        raise GreylagError(f"failed to print status: failed to query the latest migration: {stamp.fault}")
    if stamp is None or stamp.at is None or not stamp.applied:
        return "Pending"
    return ansi(stamp.at)


def _version(run: Run) -> None:
    from greylag.operations.status import version

    if run.options.record:
        log(f"goose: version {version(run.session, run.folder, run.options)}")
        return
    try:
        log(f"goose: file version {version(run.session, run.folder, run.options)}")
    except FilesError as error:
        raise _behind("failed to collect migrations", error) from None


RUNS: dict[str, Callable[[Run], None]] = {
    "up": _up,
    "up-by-one": _up_by_one,
    "up-to": _up_to,
    "down": _down,
    "down-to": _down_to,
    "redo": _redo,
    "reset": _reset,
    "status": _status,
    "version": _version,
}
"""Command to what it does. Each raises GreylagError."""
