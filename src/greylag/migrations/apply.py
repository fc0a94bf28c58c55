"""Steps to events: parse each file when its turn comes and let the engine run it."""

from __future__ import annotations

from greylag.errors import GoMigrationError
from greylag.migrations.parser import ParseOptions, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from greylag.databases.base import Session
    from greylag.migrations.plan import Step
    from greylag.model.event import Ran, Trace
    from greylag.model.migration import Script


def scripts(steps: Iterable[Step], options: ParseOptions) -> Iterator[Script]:
    """Parse lazily, so that a broken later file does not keep earlier ones from being applied."""
    for migration, direction in steps:
        if not migration.is_sql:
            raise GoMigrationError(migration)
        yield parse(migration, direction, options)


def apply(
    session: Session,
    steps: Iterable[Step],
    *,
    parse_options: ParseOptions,
    record: bool = True,
    trace: Trace | None = None,
) -> Iterator[Ran]:
    """Run steps in order; yields each file as it finishes. Raises as Session.apply does, and ParseError."""
    return session.apply(scripts(steps, parse_options), record=record, trace=trace)
