"""The question in front of every write to a protected target."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from greylag.errors import TargetError

if TYPE_CHECKING:
    from greylag.model.target import Target


def ask_by_name(target: Target, *, yes: bool) -> None:
    """Let a person type the name of a protected target. Raises TargetError when it is not meant.

    ``yes`` is ``--yes``: nobody is asked. Neither is anybody for a target that is not protected.
    """
    if not target.protected or yes:
        return
    if not sys.stdin.isatty():
        raise TargetError(
            f"{target.name} is protected and nobody can be asked here", hint="add --yes when it is meant"
        )
    question = f"{target.name} is protected. Type its name to go on"
    if click.prompt(question, default="", show_default=False) != target.name:
        raise TargetError(f"the name was not {target.name}: nothing was done")
