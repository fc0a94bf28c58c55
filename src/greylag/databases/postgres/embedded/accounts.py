"""The ordinary user a server runs as: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import IO

ORDINARY = ("postgres", "nobody")
"""Users root may run the server as, best first: one made for it, then the one that owns nothing."""

_LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")


@dataclass(frozen=True)
class Account:
    """A user of the system; ``switched`` when greylag is root, and its programs have to become this user."""

    name: str
    uid: int
    gid: int
    switched: bool = False

    def reaches(self, path: Path) -> bool:
        """Whether every folder on the way to ``path`` (as far as it exists) lets this user through."""
        if not self.switched:
            there = next(folder for folder in (path, *path.parents) if os.path.lexists(folder))
            return os.access(there, os.X_OK)
        return all(self._passes(folder) for folder in (path, *path.parents))

    def _passes(self, folder: Path) -> bool:
        try:
            facts = folder.stat()
        except FileNotFoundError:
            return True  # still to be made, by us
        except OSError:
            return False
        bits = (
            stat.S_IXUSR
            if facts.st_uid == self.uid
            else stat.S_IXGRP
            if facts.st_gid == self.gid
            else stat.S_IXOTH
        )
        return bool(facts.st_mode & bits)

    def give(self, path: Path | int) -> None:
        """Make ``path`` (or an open file) belong to this user, if that is not the caller anyway."""
        if self.switched:
            os.chown(path, self.uid, self.gid)


def caller() -> Account:
    """Who runs greylag."""
    return Account(_name(os.geteuid()), os.geteuid(), os.getegid())


def server_account(made: os.stat_result | None = None) -> Account:
    """The user the server runs as: the caller, or as root an ordinary one.

    ``made`` are the facts of a data folder that exists: its owner is kept. Raises EmbeddedError when root
    finds no ordinary user.
    """
    if os.geteuid() != 0:
        return caller()
    if made is not None and made.st_uid != 0:
        return Account(_name(made.st_uid), made.st_uid, made.st_gid, switched=True)
    for name in ORDINARY:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid, switched=True)
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and this system has no user {' or '.join(ORDINARY)} to run it as",
        hint="run greylag as an ordinary user, or add one: useradd --system postgres",
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def bare_environ() -> dict[str, str]:
    """What the server's programs see of the environment: enough to load libraries, nothing secret."""
    kept = {name: os.environ[name] for name in _LOADER if name in os.environ}
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"} | kept


def run(
    account: Account,
    argv: Sequence[str | Path],
    *,
    environ: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    seconds: float = 120,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program of the server as ``account``, without terminal, and away from the caller's folder.

    ``output`` takes both stdout and stderr; without it they are in the answer. Raises OSError when the
    program cannot be started, EmbeddedError when it takes longer than ``seconds``.
    """
    import subprocess  # a server that runs already needs none

    who: dict[str, Any] = {}
    if account.switched:
        who = {"user": account.uid, "group": account.gid, "extra_groups": []}
    try:
        return subprocess.run(
            [os.fspath(word) for word in argv],
            check=False, cwd="/", env=bare_environ() | dict(environ or {}), timeout=seconds,
            stdin=subprocess.DEVNULL, stdout=output or subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, **who,
        )  # fmt: skip
    except subprocess.TimeoutExpired as slow:
        raise EmbeddedError(f"{argv[0]} did not finish within {seconds:g} s") from slow
