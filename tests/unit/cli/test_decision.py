"""Whom a decision is asked of, and that it is told on stderr what is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.cli.decision import decide, one_target
from greylag.cli.options import Place
from greylag.errors import TargetError
from greylag.model.event import Notice

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


def test_one_target_is_meant(here: Here) -> None:
    here.workspace()
    with pytest.raises(TargetError, match="one target is wanted"):
        one_target(Place(("*@local",), None, None))
    assert one_target(Place(("one@local",), None, None))[0].name == "one@local"


def test_a_protected_target_is_asked_about(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.workspace()
    monkeypatch.setenv("ONE_PROD_URL", f"sqlite:{here.base}/one.db")
    place = Place(("one@prod",), None, None)
    with pytest.raises(TargetError, match="protected"), decide(place, "resolve", yes=False):
        pass
    with decide(place, "resolve", yes=True) as decision:
        assert decision.target.name == "one@prod"
        assert decision.care.manners.runner.verb == "resolve"


def test_notices_go_to_stderr(here: Here, capfd: pytest.CaptureFixture[str]) -> None:
    with decide(Place((), None, None), "resolve", yes=False) as decision:
        decision.care.tell(Notice("waiting", "another runner is at work"))
    out, err = capfd.readouterr()
    assert out == "" and "another runner is at work" in err
