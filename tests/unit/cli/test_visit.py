"""One target after the other, the first failure ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.cli.options import Place
from greylag.cli.visit import visit, way_to
from greylag.errors import GreylagError

if TYPE_CHECKING:
    from greylag.environments.resolution import Resolution
    from greylag.model.target import Target
    from greylag.operations.reach import Reach
    from tests.unit.cli.conftest import Here


def test_every_target_is_visited_until_one_fails(
    here: Here, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    here.workspace()
    monkeypatch.setenv("ONE_DEV_URL", f"sqlite:{here.base}/one.db")
    seen: list[str] = []

    def tell(target: Target, resolution: Resolution, way: Reach) -> None:
        way.session.connect()
        seen.append(f"{target.name} of {len(resolution.targets)} from {way.source}")

    assert visit(Place(("*@dev",), None, None), tell) == 2
    assert seen == ["one@dev of 2 from ONE_DEV_URL"]
    assert "two@dev" in capfd.readouterr().err


def test_the_failure_of_the_only_target_is_raised(here: Here) -> None:
    def fail(*_: object) -> None:
        raise GreylagError("no")

    with pytest.raises(GreylagError, match="no"):
        visit(Place((), None, None), fail)


def test_a_way_is_closed_whatever_happens(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place((), None, None)
    resolution = place.resolve()
    closed: list[bool] = []
    with pytest.raises(GreylagError), way_to(resolution.targets[0], resolution, place) as way:
        monkeypatch.setattr(way.session, "close", lambda: closed.append(True))
        raise GreylagError("no")
    assert closed == [True]
