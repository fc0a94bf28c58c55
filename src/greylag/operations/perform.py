"""Carry out a plan: run its steps, tell how it ended."""

from __future__ import annotations

from greylag.migrations.apply import apply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.base import Session
    from greylag.migrations.plan import Plan
    from greylag.model.event import Event
    from greylag.operations.options import RunOptions


def perform(session: Session, plan: Plan, options: RunOptions) -> Iterator[Event]:
    """Yield Ran for each step as it finishes, then the plan's end. Raises what a step or the plan raises."""
    if plan.steps:
        yield from apply(
            session, plan.steps, parse_options=options.parse, record=options.record, trace=options.trace
        )
    if plan.end is not None:
        yield plan.end
    if plan.error is not None:
        raise plan.error
