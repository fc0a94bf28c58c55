"""What the verbs that derive a file from a schema share: one database, and writing or checking."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from greylag.cli.visit import way_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from greylag.cli.options import Place
    from greylag.model.edit import Edit
    from greylag.operations.connect import Session


@contextmanager
def one_session(place: Place) -> Iterator[tuple[Session, str]]:
    """The session of the one target that is meant, and its version table. Raises TargetError."""
    from greylag.environments.resolution import only_target

    resolution = place.resolve()
    meant = only_target(resolution)
    with way_to(meant, resolution, place) as way:
        yield way.session, place.table or meant.table


def settle(edits: Sequence[Edit], *, check: bool, say: Callable[[str], None]) -> int:
    """Write edits, or with ``check`` show them as a diff and exit 1 where there is one. Raises EditError."""
    from greylag.operations.write import diff, write

    changes = [edit for edit in edits if edit.before != edit.after]
    if check and changes:
        for edit in changes:
            say(diff(edit).rstrip("\n"))
        return 1
    for path in write(changes):
        say(f"wrote {os.path.relpath(path)}")
    if not changes:
        names = ", ".join(os.path.relpath(edit.path) for edit in edits)
        say(f"{names} {'is' if len(edits) == 1 else 'are'} up to date")
    return 0
