"""Going to the targets a command means, one after the other."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from greylag.cli.explain import explain
from greylag.errors import ConnectError, GreylagError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.cli.options import Place
    from greylag.environments.resolution import Resolution
    from greylag.model.target import Target
    from greylag.operations.reach import Reach


@contextlib.contextmanager
def way_to(target: Target, resolution: Resolution, place: Place) -> Iterator[Reach]:
    """A way to one target, closed at the end. Raises as reach() does."""
    from greylag.operations.reach import reach

    way = reach(target, resolution, os.environ, table=place.table)
    try:
        yield way
    except ConnectError as error:
        error.source = way.source
        raise
    finally:
        way.session.close()


def visit(place: Place, tell: Callable[[Target, Resolution, Reach], None]) -> int:
    """Call ``tell`` for every target meant; the first failure ends it, named where there are several."""
    resolution = place.resolve()
    for target in resolution.targets:
        try:
            with way_to(target, resolution, place) as way:
                tell(target, resolution, way)
        except GreylagError as error:
            if len(resolution.targets) == 1:
                raise
            print(explain(error, subject=target.name), file=sys.stderr)
            return error.exit_code
    return 0
