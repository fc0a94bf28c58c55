"""The project's own Prisma, for what needs it: which program that is, and whether it is the one asked for."""

from __future__ import annotations

import os
import re
import sys

from greylag.errors import UsageError
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, NoReturn

_INSTALLERS = {
    "pnpm-lock.yaml": "pnpm install",
    "yarn.lock": "yarn install",
    "bun.lock": "bun install",
    "bun.lockb": "bun install",
}
_DEPENDENCIES = ("devDependencies", "dependencies")
_RANGE = re.compile(r"([\^~]?)v?(\d+)\.(\d+)\.(\d+)")
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


class OwnPrisma(NamedTuple):
    """``program`` is the command that npm and its kin put beside the packages, ``version`` what is installed.

    ``wanted`` is what package.json says, empty if it says nothing; ``package`` is that file.
    """

    program: str
    version: str
    wanted: str = ""
    package: str = ""


def find_prisma(words: Sequence[str], folder: str, environ: Mapping[str, str]) -> OwnPrisma:
    """The Prisma installed for a schema: that of the nearest node_modules upwards of it, then of ``folder``.

    ``words`` are the command's, of which ``--schema`` says where the schema is. Raises UsageError where Node
    or Prisma is missing, or where what is installed is not what package.json asks for.
    """
    start = os.path.dirname(os.path.join(folder, _schema_in(words)))
    install = _installer(start)
    programs = environ.get("PATH", "").split(os.pathsep)
    if not any(_is_program(os.path.join(place, "node")) for place in programs if place):
        raise UsageError(
            "this needs Prisma itself, and there is no Node to run it: no program `node` on PATH",
            hint=f"install Node and then {install}; greylag prisma db pull needs neither",
        )
    for place in (*_upwards(start), *_upwards(folder)):
        program = os.path.join(place, "node_modules", ".bin", "prisma")
        if _is_program(program):
            version = _setting(os.path.join(place, "node_modules", "prisma", "package.json"), "version")
            found = OwnPrisma(program, version if isinstance(version, str) else "", *_wanted(start))
            _check_version(found, install)
            return found
    raise UsageError(
        f"this needs Prisma itself, and it is not installed: no node_modules/.bin/prisma upwards of {start}",
        hint=f"{install}, with prisma among the devDependencies of package.json",
    )


def become(own: OwnPrisma, words: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """Go on as that program, on this terminal."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(own.program, [own.program, *words], dict(environ))  # noqa: S606 - Prisma takes over the terminal


def _schema_in(words: Sequence[str]) -> str:
    """The schema that a command's words name; a file in the folder itself where they name none."""
    for place, word in enumerate(words):
        if word == "--schema" and place + 1 < len(words):
            return words[place + 1]
        if word.startswith("--schema="):
            return word.partition("=")[2]
    return "schema.prisma"


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _upwards(folder: str) -> Iterator[str]:
    folder = os.path.abspath(folder)
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def _installer(folder: str) -> str:
    """The command that installs packages here, by the lock file."""
    for place in _upwards(folder):
        for name, command in _INSTALLERS.items():
            if os.path.isfile(os.path.join(place, name)):
                return command
    return "npm install"


def _wanted(folder: str) -> tuple[str, str]:
    """What the nearest package.json that names Prisma asks for, and its path."""
    for place in _upwards(folder):
        path = os.path.join(place, "package.json")
        for key in _DEPENDENCIES:
            named = _setting(path, key)
            wanted = named.get("prisma") if isinstance(named, dict) else None
            if isinstance(wanted, str):
                return wanted, path
    return "", ""


def _setting(path: str, key: str) -> Any:
    import json

    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return None
    return found.get(key) if isinstance(found, dict) else None


def _check_version(own: OwnPrisma, install: str) -> None:
    """One that is another writes other files than the one that the project was tried with."""
    wanted, installed = _RANGE.fullmatch(own.wanted), _VERSION.match(own.version)
    # What is no plain version (``latest``, ``catalog:``) is the package manager's to understand.
    if not wanted or not installed:
        return
    mark, *parts = wanted.groups()
    least = tuple(int(part) for part in parts)
    there = tuple(int(part) for part in installed.groups())
    fixed = {"^": 1, "~": 2}.get(mark, 3)
    if there[:fixed] != least[:fixed] or there < least:
        raise UsageError(
            f"{own.package} asks for prisma {own.wanted}, and {own.version} is installed", hint=install
        )
