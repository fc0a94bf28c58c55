"""How carefully a run goes: from the command line, else the workspace, else what has proved good."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import greylag
from greylag.model.care import Manners, Runner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.model.workspace import Workspace


def manners_of(
    workspace: Workspace | None,
    verb: str,
    environ: Mapping[str, str],
    *,
    lock_timeout: float | None = None,
    lock_budget: float | None = None,
    lock_wait: float | None = None,
    atomic: bool = False,
) -> Manners:
    """The manners of one run, seconds everywhere; None: as the workspace says."""
    manners = Manners(_runner(verb, environ), atomic=atomic)
    if workspace is not None:
        apply = workspace.apply
        manners = manners._replace(
            lock_timeout_seconds=apply.lock_timeout.seconds,
            lock_budget_seconds=apply.lock_budget.seconds,
            lock_wait_seconds=apply.lock_wait.seconds,
        )
    if lock_timeout is not None:
        manners = manners._replace(lock_timeout_seconds=lock_timeout)
    if lock_budget is not None:
        manners = manners._replace(lock_budget_seconds=lock_budget)
    if lock_wait is not None:
        manners = manners._replace(lock_wait_seconds=lock_wait)
    return manners


def _runner(verb: str, environ: Mapping[str, str]) -> Runner:
    return Runner(_uuid(), _user(environ), os.uname().nodename, f"greylag {greylag.__version__}", verb)


def _user(environ: Mapping[str, str]) -> str:
    """Who runs this: the person a CI system names, else the user of the process."""
    for name in ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "LOGNAME", "USER"):
        if environ.get(name):
            return environ[name]
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container whose user has no entry
        return f"uid {os.geteuid()}"


def _uuid() -> str:
    """A random UUID of version 4; the module uuid costs more to import than all of this."""
    digits = bytearray(os.urandom(16))
    digits[6] = (digits[6] & 0x0F) | 0x40
    digits[8] = (digits[8] & 0x3F) | 0x80
    text = digits.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
