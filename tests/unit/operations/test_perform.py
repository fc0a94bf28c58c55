"""A plan is carried out: its steps, then its end, then its error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.migrations.files import collect
from greylag.migrations.plan import NoNextError, Plan, Step
from greylag.model.event import Nothing, Ran, Reached
from greylag.operations.history import ensure
from greylag.operations.options import RunOptions
from greylag.operations.perform import perform

if TYPE_CHECKING:
    from tests.unit.operations.conftest import Ground


def test_steps_then_end_then_error(lite: Ground) -> None:
    lite.write(1)
    ensure(lite.session)
    (migration,) = collect(lite.folder)
    events = perform(lite.session, Plan([Step(migration, "up")], Reached(1), NoNextError()), RunOptions())
    first = next(events)
    assert isinstance(first, Ran)
    assert (first.migration, first.direction, first.statements) == (migration, "up", 1)
    assert next(events) == Reached(1)
    with pytest.raises(NoNextError):
        next(events)


def test_no_steps_do_not_touch_the_database() -> None:
    session: Any = None
    assert list(perform(session, Plan([], Nothing(4)), RunOptions())) == [Nothing(4)]


def test_the_listener_hears_every_step(lite: Ground) -> None:
    lite.write(1)
    ensure(lite.session)
    heard: list[str] = []
    options = RunOptions(trace=lambda step, text, inside: heard.append(step))
    list(perform(lite.session, Plan([Step(collect(lite.folder)[0], "up")]), options))
    assert heard == ["begin", "statement", "commit"]
