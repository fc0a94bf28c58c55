"""How carefully a run goes, and who it says it is."""

from __future__ import annotations

import os
import pwd
import re
import uuid
from typing import TYPE_CHECKING, NoReturn

import pytest

import greylag
from greylag.model.duration import Duration
from greylag.model.workspace import ApplySettings, Workspace
from greylag.operations.manners import manners_of

if TYPE_CHECKING:
    from greylag.model.care import Manners


@pytest.fixture
def workspace() -> Workspace:
    """Its lock timeouts alone matter here."""
    apply = ApplySettings(Duration(1.0, "1s"), Duration(90.0, "90s"), Duration(5.0, "5s"), out_of_order=False)
    other = dict.fromkeys(Workspace._fields, None)
    return Workspace(**{**other, "apply": apply})  # type: ignore[arg-type]


def seconds(manners: Manners) -> tuple[float, float, float]:
    return manners.lock_timeout_seconds, manners.lock_budget_seconds, manners.lock_wait_seconds


def test_what_has_proved_good() -> None:
    assert seconds(manners_of(None, "up", {})) == (2.0, 600.0, 300.0)
    assert not manners_of(None, "up", {}).atomic


def test_the_workspace_says_otherwise_and_the_command_line_has_the_last_word(
    workspace: Workspace,
) -> None:
    assert seconds(manners_of(workspace, "up", {})) == (1.0, 90.0, 5.0)
    chosen = manners_of(workspace, "up", {}, lock_timeout=0.5, lock_budget=0.0, lock_wait=0.0, atomic=True)
    assert seconds(chosen) == (0.5, 0.0, 0.0)
    assert chosen.atomic
    assert seconds(manners_of(None, "up", {}, lock_wait=7.0)) == (2.0, 600.0, 7.0)


@pytest.mark.parametrize(
    ("environ", "who"),
    [
        ({"GITHUB_ACTOR": "octo", "GITLAB_USER_LOGIN": "fox", "LOGNAME": "root", "USER": "root"}, "octo"),
        ({"GITLAB_USER_LOGIN": "fox", "USER": "root"}, "fox"),
        ({"LOGNAME": "ada", "USER": "root"}, "ada"),
        ({"LOGNAME": "", "USER": "grace"}, "grace"),
    ],
)
def test_who_runs(environ: dict[str, str], who: str) -> None:
    assert manners_of(None, "up", environ).runner.who == who


def test_who_runs_where_the_environment_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert manners_of(None, "up", {}).runner.who == pwd.getpwuid(os.geteuid()).pw_name

    def unknown(_: int) -> NoReturn:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert manners_of(None, "up", {}).runner.who == f"uid {os.geteuid()}"


def test_the_runner() -> None:
    runner = manners_of(None, "down-to", {}).runner
    assert (runner.verb, runner.host) == ("down-to", os.uname().nodename)
    assert runner.tool == f"greylag {greylag.__version__}"
    assert uuid.UUID(runner.run).version == 4
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", runner.run)
    assert manners_of(None, "up", {}).runner.run != runner.run
