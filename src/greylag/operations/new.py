"""``greylag new``: a migration file whose version nobody else has."""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from typing import TYPE_CHECKING

from greylag.errors import FilesError, UsageError
from greylag.migrations.files import clean, version_of
from greylag.migrations.names import snake_case
from greylag.model.location import Location
from greylag.model.reasons import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEMPLATE = "-- +goose Up\n\n\n-- +goose Down\n\n"
_FIRST_TIMESTAMP = 19700101000000
_GIT_SECONDS = 5


def new(folder: str, name: str, *, now: float | None = None) -> str:
    """Write an empty migration into ``folder`` (made if its parent is there) and return its path.

    A folder numbered in sequence goes on after the highest number of any branch or worktree; else the version
    is the time in UTC, moved on by a second for as long as a file here, in another worktree, or in a commit
    of the last day on any branch has it: two in one second and two on two branches do not collide.
    Raises UsageError for a name without letters, FilesError where the folder cannot be written to.
    """
    slug = snake_case(name).strip("_")
    if not slug:
        raise UsageError(f"a migration needs a name with a letter or a digit, not {name!r}")
    try:
        if not os.path.isdir(folder):
            os.mkdir(folder)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise FilesError(
            f"{folder}: {reason_of(error)}",
            where=Location(folder),
            hint="give an existing folder with --dir, or a target of the workspace",
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # two at once take turns
        taken = set(_versions(os.listdir(folder)))
        numbered = bool(taken) and max(taken) < _FIRST_TIMESTAMP
        taken |= _elsewhere(folder, "" if numbered else "--since=1.day")
        version = _next_number(taken) if numbered else _next_stamp(taken, now)
        path = os.path.join(clean(folder), f"{version}_{slug}.sql")
        with open(path, "x", encoding="utf-8") as file:
            file.write(_TEMPLATE)
    except OSError as error:
        raise FilesError(f"cannot write into {folder}: {reason_of(error)}", where=Location(folder)) from None
    finally:
        os.close(descriptor)
    return path


def _versions(names: list[str]) -> Iterator[int]:
    for name in names:
        try:
            yield version_of(name)
        except FilesError:
            continue


def _next_number(taken: set[int]) -> str:
    return f"{max(version for version in taken if version < _FIRST_TIMESTAMP) + 1:05d}"


def _next_stamp(taken: set[int], now: float | None) -> str:
    moment = time.time() if now is None else now
    while int(stamp := time.strftime("%Y%m%d%H%M%S", time.gmtime(moment))) in taken:
        moment += 1
    return stamp


def _elsewhere(folder: str, since: str) -> set[int]:
    """Versions of this folder in other worktrees and in the commits of every branch."""
    top = _git(folder, "rev-parse", "--show-toplevel").strip()
    if not top:
        return set()
    inside = os.path.relpath(os.path.realpath(folder), os.path.realpath(top))
    names = _git(
        folder, "log", "--all", *filter(None, [since]), "--name-only", "--format=", "--", "."
    ).splitlines()
    for line in _git(folder, "worktree", "list", "--porcelain").splitlines():
        if line.startswith("worktree "):
            try:
                names += os.listdir(os.path.join(line.removeprefix("worktree "), inside))
            except OSError:
                continue
    return set(_versions(names))


def _git(folder: str, *words: str) -> str:
    """What git prints; nothing without git, outside a repository, or when it takes too long."""
    try:
        run = subprocess.run(
            ["git", "-C", folder, "-c", "core.quotepath=off", *words],  # noqa: S607  # the user's git
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout if run.returncode == 0 else ""
