"""Who is asked before a protected target is written to, and what counts as a yes."""

from __future__ import annotations

import io
import sys

import pytest

from greylag.cli.consent import ask_by_name
from greylag.errors import TargetError
from greylag.model.target import Target


def target(*, protected: bool = True) -> Target:
    return Target("auth@prod", "auth", "auth", "prod", "postgres", "/m", "t", "auth", protected, False, None)


class Terminal(io.StringIO):
    """Standard input with a person at it."""

    def isatty(self) -> bool:
        return True


def test_nobody_is_asked_without_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(""))
    ask_by_name(target(protected=False), yes=False)
    ask_by_name(target(), yes=True)


def test_without_a_terminal_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("auth@prod\n"))
    with pytest.raises(TargetError, match="nobody can be asked") as caught:
        ask_by_name(target(), yes=False)
    assert caught.value.hint == "add --yes when it is meant"


@pytest.mark.parametrize("typed", ["auth@dev\n", "\n", "y\n"])
def test_another_word_is_a_no(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    with pytest.raises(TargetError, match="the name was not auth@prod"):
        ask_by_name(target(), yes=False)


def test_its_name_is_a_yes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("auth@prod\n"))
    ask_by_name(target(), yes=False)
    assert "auth@prod is protected. Type its name to go on" in capsys.readouterr().out
