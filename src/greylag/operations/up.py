"""``up``, ``up-to``, ``up-by-one``: apply what is pending."""

from __future__ import annotations

from greylag.migrations import plan
from greylag.migrations.files import MAX_VERSION, collect
from greylag.operations.history import ensure
from greylag.operations.perform import perform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.base import Session
    from greylag.model.event import Event
    from greylag.operations.options import RunOptions


def up(
    session: Session, folder: str, options: RunOptions, *, to: int = MAX_VERSION, one: bool = False
) -> Iterator[Event]:
    """Apply pending files up to version ``to``, or only the first of them with ``one``.

    Yields Ran for each file, then Reached, or Nothing when there was nothing to run. With ``one`` a file
    that ran is the end of it, and nothing to run is NoNextError after Nothing.
    """
    migrations = collect(folder, upto=to)
    if not options.record:
        chosen = plan.unversioned_up(migrations, one=one)
    else:
        choose = plan.up_by_one if one else plan.up
        chosen = choose(migrations, ensure(session), allow_missing=options.allow_missing)
    return perform(session, chosen, options)
