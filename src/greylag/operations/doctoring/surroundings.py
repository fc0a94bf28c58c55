"""Checks of this machine: programs on PATH, the folder of migrations, what goose does without."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from greylag.operations.doctoring.finding import bad, good, note, several, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greylag.operations.doctoring.finding import Finding, Subject
    from greylag.operations.server import ServerFacts

_MAGIC = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""How programs of Linux and macOS begin that no interpreter reads: a Go binary is one."""


def programs(environ: Mapping[str, str], tool: str) -> Iterator[Finding]:
    """Which ``goose`` a shell would run, and whether ``greylag`` is there."""
    ours = next(iter(_on_path("greylag", environ)), None)
    if ours is None:
        yield note(f"greylag {tool} runs, and is not on PATH", "put the folder of its script on PATH")
    else:
        yield good(f"greylag {tool}, {ours} on PATH")
    gooses = _on_path("goose", environ)
    if not gooses:
        yield note("no goose on PATH", "greylag goose is the same program")
    elif _is_binary(gooses[0]):
        yield note(
            f"goose on PATH is a compiled program ({gooses[0]}), not greylag's",
            "greylag goose is ours wherever it stands on PATH",
        )
    else:
        yield good(f"goose on PATH is a script ({gooses[0]})")


def _on_path(name: str, environ: Mapping[str, str]) -> list[str]:
    places = (os.path.join(folder, name) for folder in environ.get("PATH", "").split(os.pathsep) if folder)
    return [path for path in places if os.path.isfile(path) and os.access(path, os.X_OK)]


def _is_binary(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(4) in _MAGIC
    except OSError:
        return False


def folder(shown: str, files: int, problem: str, hint: str) -> Iterator[Finding]:
    """The folder of migrations can be read whole."""
    if problem:
        yield bad(problem, *((hint,) if hint else ()))
    elif not files:
        yield warn(f"{shown} holds no migrations", "greylag new NAME")
    else:
        yield good(f"{several(files, 'migration')} in {shown}")


def embedded(server: ServerFacts) -> Iterator[Finding]:
    """The server of a local target, as it was before the look: the look starts it."""
    if server.running:
        yield good(f"PostgreSQL {server.version} from {server.source}, data in {server.data}")
    else:
        yield note(f"it was not running, and was started to look; data in {server.data}")


def database_file(subject: Subject) -> Iterator[Finding]:
    """SQLite's file, and its folder, in which SQLite makes a journal while it writes."""
    file = subject.facts["file"]
    path = file["path"]
    if not file["there"] and file["folder_writable"]:
        yield note(f"{path} is not there yet", "greylag up makes it")
    elif not file["writable"]:
        yield bad(f"{path} cannot be written", f"chmod u+w {path}, or run as its owner")
    elif not file["folder_writable"]:
        yield bad(
            f"the folder of {path} cannot be written, and SQLite keeps its journal there", "chmod u+w it"
        )
    else:
        yield good(f"{path} can be written")


def goose(subject: Subject) -> Iterator[Finding]:
    """Said of every PostgreSQL target, because nothing in the database can prevent it."""
    del subject
    yield note(
        "goose, run on this database by hand or in a Job, takes no lock, keeps no journal and asks nothing",
        "use greylag up where that matters: docs/why/goose-face.md",
    )
