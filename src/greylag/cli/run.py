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
    lock_budget_option,
    lock_timeout_option,
    lock_wait_option,
    missing_option,
    place_options,
    timeout_option,
)
from greylag.cli.runner import Manner, carry_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.cli.options import Place

    Verb = Callable[[Place, Manner], int]

_yes_option = click.option("--yes", is_flag=True, help="Write to a protected target without being asked.")
_unused_yes_option = click.option(
    "--yes", is_flag=True, help="Accepted for scripts; a protected target is not taken back anyway."
)
_atomic_option = click.option(
    "--atomic", is_flag=True, help="Apply all that is pending in one transaction, or nothing of it."
)
_version_argument = click.argument("version", type=VersionType())


def _verb(
    name: str, *, forward: bool = False, versioned: bool = False, atomic: bool = False
) -> Callable[[Verb], click.Command]:
    """A command with the options all verbs share; the verb gets them as its place and its manner."""
    options = [
        place_options,
        *([missing_option] if forward else []),
        timeout_option,
        lock_wait_option,
        lock_timeout_option,
        lock_budget_option,
        dry_run_option,
        json_option,
    ]
    if versioned:
        options.insert(0, _version_argument)
    if atomic:
        options.insert(0, _atomic_option)
    options.append(_yes_option if forward else _unused_yes_option)

    def command(verb: Verb) -> click.Command:
        @functools.wraps(verb)
        def gathered(*, place: Place, **flags: Any) -> int:
            return verb(place, Manner(name, **flags))

        decorated: Any = gathered
        for option in reversed(options):
            decorated = option(decorated)
        return click.command(name)(decorated)

    return command


@_verb("up", forward=True, atomic=True)
def up(place: Place, manner: Manner) -> int:
    """Apply all pending migrations, each file in a transaction of its own."""
    from greylag.operations.careful import up as operation

    return carry_out(place, manner, operation)


@_verb("up-to", forward=True, versioned=True, atomic=True)
def up_to(place: Place, manner: Manner) -> int:
    """Apply pending migrations up to and including VERSION."""
    from greylag.operations.careful import up as operation

    return carry_out(place, manner, partial(operation, to=manner.version or 0))


@_verb("up-by-one", forward=True)
def up_by_one(place: Place, manner: Manner) -> int:
    """Apply the next pending migration."""
    from greylag.operations.careful import up as operation

    return carry_out(place, manner, partial(operation, one=True))


@_verb("down")
def down(place: Place, manner: Manner) -> int:
    """Take back the newest applied migration, from the journal where its file is gone."""
    return _back(place, manner)


@_verb("down-to", versioned=True)
def down_to(place: Place, manner: Manner) -> int:
    """Take migrations back, newest first, until VERSION is the newest that is applied."""
    return _back(place, manner)


@_verb("redo")
def redo(place: Place, manner: Manner) -> int:
    """Take back the newest applied migration and apply it again."""
    return _back(place, manner)


@_verb("reset")
def reset(place: Place, manner: Manner) -> int:
    """Take back all migrations, newest first. Data in the tables they made is gone."""
    return _back(place, manner)


def _back(place: Place, manner: Manner) -> int:
    from greylag.operations.careful import back as operation

    return carry_out(place, manner, partial(operation, verb=manner.verb, version=manner.version or 0))
