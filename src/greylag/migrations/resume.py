"""Where a file outside transactions goes on that was broken off: pure, from the journal and the file."""

from __future__ import annotations

from greylag.errors import UnfinishedError
from greylag.model.care import WAYS_OUT, Resume
from greylag.model.location import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.model.care import Unfinished
    from greylag.model.migration import Migration

DONE, BEGUN = "done", "begun"


def find_resume(unfinished: Unfinished, migration: Migration, hashes: Sequence[bytes]) -> Resume:
    """The statement to go on with. ``hashes`` are those of the file's statements as it is now.

    Raises UnfinishedError where the part that ran was edited, or the statement in doubt was.
    """
    states = {attempt.number: attempt for attempt in unfinished.attempts}
    number = unfinished.next or next_number(unfinished)
    for done in range(1, number):
        attempt = states.get(done)
        if attempt is None or attempt.state != DONE:
            continue
        if done > len(hashes) or hashes[done - 1] != attempt.hash:
            raise _edited(unfinished, migration, done, number)
    last = states.get(number)
    doubtful = not unfinished.next and last is not None and last.state == BEGUN
    in_doubt = last.hash if doubtful and last is not None and last.apart else None
    if in_doubt is not None and in_doubt not in hashes[number - 1 : number]:
        raise _edited(unfinished, migration, number, number)
    return Resume(number, doubtful, unfinished.pid, unfinished.backend_since)


def next_number(unfinished: Unfinished) -> int:
    """The number of the first statement that is not known to be done, from 1."""
    done = {attempt.number for attempt in unfinished.attempts if attempt.state == DONE}
    number = 1
    while number in done:
        number += 1
    return number


def _edited(unfinished: Unfinished, migration: Migration, number: int, stopped: int) -> UnfinishedError:
    version = unfinished.version
    option, end = WAYS_OUT[unfinished.direction]
    what = "had taken effect" if number < stopped else "was under way"
    return UnfinishedError(
        f"{migration.name} was edited in statement {number}, which {what} when the last run broke off at "
        f"statement {stopped}: the file is no longer what ran",
        version=version,
        where=Location(migration.path),
        hint=f"put statement {number} back as it was, or look at the database and say which: greylag resolve "
        f"{version} --resume (what ran is as good as the file), --from-start (begin with statement 1), "
        f"{option} ({end})",
    )
