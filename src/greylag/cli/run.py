"""Verbs that change a database: up, up-to, up-by-one, down, down-to, redo, reset."""

from __future__ import annotations

import functools
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from greylag.cli.options import (
    VersionType,
    dry_run_option,
    json_option,
    missing_option,
    place_options,
    timeout_option,
)
from greylag.cli.runner import Manner, carry_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.cli.options import Place
    from greylag.model.event import Event
    from greylag.operations.connect import Session
    from greylag.operations.options import RunOptions

    Verb = Callable[[Place, Manner], int]

_yes_option = click.option("--yes", is_flag=True, help="Write to a protected target without being asked.")
_version_argument = click.argument("version", type=VersionType())


def _verb(name: str, *, forward: bool = False, versioned: bool = False) -> Callable[[Verb], click.Command]:
    """A command with the options all verbs share; the verb gets them as its place and its manner."""
    options = [
        place_options,
        *([missing_option] if forward else []),
        timeout_option,
        dry_run_option,
        json_option,
    ]
    if versioned:
        options.insert(0, _version_argument)
    if forward:
        options.append(_yes_option)

    def command(verb: Verb) -> click.Command:
        @functools.wraps(verb)
        def gathered(*, place: Place, **flags: Any) -> int:
            return verb(place, Manner(name, **flags))

        decorated: Any = gathered
        for option in reversed(options):
            decorated = option(decorated)
        return click.command(name)(decorated)

    return command


@_verb("up", forward=True)
def up(place: Place, manner: Manner) -> int:
    """Apply all pending migrations, each file in a transaction of its own."""
    from greylag.operations.up import up as operation

    return carry_out(place, manner, operation)


@_verb("up-to", forward=True, versioned=True)
def up_to(place: Place, manner: Manner) -> int:
    """Apply pending migrations up to and including VERSION."""
    from greylag.operations.up import up as operation

    return carry_out(place, manner, partial(operation, to=manner.version or 0))


@_verb("up-by-one", forward=True)
def up_by_one(place: Place, manner: Manner) -> int:
    """Apply the next pending migration."""
    from greylag.operations.up import up as operation

    return carry_out(place, manner, partial(operation, one=True))


@_verb("down")
def down(place: Place, manner: Manner) -> int:
    """Take back the newest applied migration."""
    from greylag.operations.down import down as operation

    return carry_out(place, manner, operation)


@_verb("down-to", versioned=True)
def down_to(place: Place, manner: Manner) -> int:
    """Take migrations back, newest first, until VERSION is the newest that is applied."""
    from greylag.operations.down import down_to as operation

    def to_version(session: Session, folder: str, options: RunOptions) -> Iterator[Event]:
        return operation(session, folder, manner.version or 0, options)

    return carry_out(place, manner, to_version)


@_verb("redo")
def redo(place: Place, manner: Manner) -> int:
    """Take back the newest applied migration and apply it again."""
    from greylag.operations.down import redo as operation

    return carry_out(place, manner, operation)


@_verb("reset")
def reset(place: Place, manner: Manner) -> int:
    """Take back all migrations, newest first. Data in the tables they made is gone."""
    from greylag.operations.down import reset as operation

    return carry_out(place, manner, operation)
