"""Server builds kept outside any workspace: put there whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.homes import build_homes, data_home, open_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.databases.postgres.embedded.accounts import Account

MAJOR = "16"
"""The PostgreSQL this package runs."""

FULL = "full"
"""The name under which ``greylag server install`` keeps its build."""

_BESIDE = ".unpack-"


def kept_builds(name: str) -> Iterator[Path]:
    """Builds called ``name`` that are there, the caller's own before what root installed for everybody."""
    for home in build_homes():
        build = home / "builds" / name
        if build.is_dir():
            yield build


def keep_build(
    name: str, fill: Callable[[Path], None], account: Account, *, prove: Callable[[Path], None] | None = None
) -> Path:
    """Make the build ``name``: ``fill`` writes it into an empty folder, which is renamed when it is whole.

    ``prove`` looks at the folder, open to every user by then, and raises what keeps it from being kept.
    A build of that name that is there already is replaced. An interruption leaves no half-made build; what an
    earlier one left beside it is cleared away.
    """
    builds = data_home(account) / "builds"
    open_folder(builds, account)
    with _locked(builds):
        for left in builds.glob(f"{_BESIDE}*"):
            shutil.rmtree(left, ignore_errors=True)
        beside = Path(tempfile.mkdtemp(prefix=_BESIDE, dir=builds))
        try:
            fresh, old, final = beside / "new", beside / "old", builds / name
            fresh.mkdir()
            fill(fresh)
            _open_to_all(beside)
            if prove is not None:
                prove(fresh)
            if final.exists():
                final.rename(old)
            fresh.rename(final)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return final


def copy_build(
    name: str, origin: Path, parts: tuple[str, ...], programs: str, account: Account
) -> Path | None:
    """The folder ``programs`` in a copy of ``parts`` of ``origin`` which ``account`` can reach, made once.

    None when ``origin`` is not a build that stands on its own (``/usr``, say).
    """
    wanted = [origin / part for part in parts]
    if origin in {Path("/"), Path("/usr"), Path("/usr/local")} or not wanted[0].is_dir():
        return None
    final = data_home(account) / "builds" / name
    if not final.is_dir():

        def fill(folder: Path) -> None:
            for part, path in zip(parts, wanted, strict=True):
                if path.is_dir():
                    shutil.copytree(path, folder / part, symlinks=True)

        keep_build(name, fill, account)
    return final / programs


@contextmanager
def _locked(builds: Path) -> Iterator[None]:
    descriptor = os.open(builds / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _open_to_all(folder: Path) -> None:
    """Let every user read what the umask of the caller, or of whoever built it, may have closed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
