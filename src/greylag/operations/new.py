"""``greylag new``: migration files whose versions nobody else has."""

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
    from collections.abc import Iterator, Sequence

_TEMPLATE = "-- +goose Up\n\n\n-- +goose Down\n\n"
_FIRST_TIMESTAMP = 19700101000000
_GIT_SECONDS = 5


def new(folder: str, name: str, *, now: float | None = None) -> str:
    """Write an empty migration into ``folder`` and give its path; see write_series."""
    return write_series(folder, [(name, _TEMPLATE)], now=now)[0]


def write_series(folder: str, drafts: Sequence[tuple[str, str]], *, now: float | None = None) -> list[str]:
    """Write migrations (name, text) with consecutive versions and give their paths, or write none of them.

    The folder is made if its parent is there. A folder numbered in sequence goes on after the highest number
    of any branch or worktree; else the first version is the time in UTC, moved on by a second for as long as
    a file here, in another worktree, or in a commit of the last day on any branch has it or one of those
    that follow it: two in one second and two on two branches do not collide.
    Raises UsageError for a name without letters, FilesError where the folder cannot be written to.
    """
    slugs = [slug_of(name) for name, _ in drafts]
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
        versions = _next_numbers(taken, len(drafts)) if numbered else _next_stamps(taken, len(drafts), now)
        files = [
            (os.path.join(clean(folder), f"{version}_{slug}.sql"), text)
            for version, slug, (_, text) in zip(versions, slugs, drafts, strict=True)
        ]
        _write_all(files)
    except OSError as error:
        raise FilesError(f"cannot write into {folder}: {reason_of(error)}", where=Location(folder)) from None
    finally:
        os.close(descriptor)
    return [path for path, _ in files]


def slug_of(name: str) -> str:
    """A name as it stands in a file's name. Raises UsageError when no letter or digit is in it."""
    slug = snake_case(name).strip("_")
    if not slug:
        raise UsageError(f"a migration needs a name with a letter or a digit, not {name!r}")
    return slug


def _write_all(files: Sequence[tuple[str, str]]) -> None:
    """Half a series would be applied as if it were whole: when one cannot be written, none stays."""
    written = []
    try:
        for path, text in files:
            with open(path, "xb") as file:
                written.append(path)
                file.write(text.encode("utf-8", "surrogateescape"))
    except OSError:
        for path in written:
            os.unlink(path)
        raise


def _versions(names: list[str]) -> Iterator[int]:
    for name in names:
        try:
            yield version_of(name)
        except FilesError:
            continue


def _next_numbers(taken: set[int], count: int) -> list[str]:
    first = max(version for version in taken if version < _FIRST_TIMESTAMP) + 1
    return [f"{first + step:05d}" for step in range(count)]


def _next_stamps(taken: set[int], count: int, now: float | None) -> list[str]:
    moment = time.time() if now is None else now
    while taken.intersection(map(int, stamps := [_stamp(moment + step) for step in range(count)])):
        moment += 1
    return stamps


def _stamp(moment: float) -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(moment))


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
