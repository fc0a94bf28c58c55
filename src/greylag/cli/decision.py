"""One target about which a person decides something: asked for by name, under the runner's lock."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, NamedTuple

from greylag.cli.consent import ask_by_name
from greylag.cli.progress import teller
from greylag.cli.visit import way_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.cli.options import Place
    from greylag.environments.resolution import Resolution
    from greylag.model.target import Target
    from greylag.operations.options import Care
    from greylag.operations.reach import Reach


class Decision(NamedTuple):
    """The target, what the command line means as a whole, the way to it, and how carefully to go."""

    target: Target
    resolution: Resolution
    way: Reach
    care: Care


def one_target(place: Place) -> tuple[Target, Resolution]:
    """The target meant. Raises TargetError when there are several."""
    from greylag.environments.resolution import only_target

    resolution = place.resolve()
    return only_target(resolution), resolution


@contextlib.contextmanager
def decide(place: Place, verb: str, *, yes: bool) -> Iterator[Decision]:
    """Reach the one target that is meant, to write to it. Raises TargetError when it is not meant.

    What is waited for is told on stderr, also with --json: stdout is for one document.
    """
    from greylag.operations.manners import manners_of
    from greylag.operations.options import Care

    target, resolution = one_target(place)
    ask_by_name(target, yes=yes)
    with way_to(target, resolution, place) as way, teller(target.name) as tell:
        manners = manners_of(resolution.workspace, verb, os.environ)
        yield Decision(target, resolution, way, Care(manners, tell))
