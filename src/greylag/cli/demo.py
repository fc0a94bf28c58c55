"""``greylag demo``: the main job on the example workspace, with real servers and real output."""

from __future__ import annotations

import os
import shutil
import time

import click

from greylag.cli.colour import tint
from greylag.cli.render import out
from greylag.errors import EditError

_BROKEN = "20260301000000_link_devices.sql"
_SERVICE = "auth-service"
_UNATTENDED = ("CI", "KUBERNETES_SERVICE_HOST")


@click.command()
@click.argument("folder", default="greylag-demo", type=click.Path(file_okay=False))
def demo(folder: str) -> int:
    """See the whole of it on an example: four services, five databases, one deliberate mistake.

    Works in FOLDER, a copy of the example workspace, on the embedded PostgreSQL server. Safe to run again.
    """
    from greylag.operations.example import copy_example

    started = time.monotonic()
    fresh = copy_example(folder)
    home = os.getcwd()
    os.chdir(folder)
    try:
        _story(folder, fresh=fresh)
    finally:
        os.chdir(home)
    out()
    out(f"That took {time.monotonic() - started:.1f} s. Try next:")
    for line, why in (
        (f"cd {folder}", ""),
        (f"greylag status {_SERVICE}@local", ""),
        (f"greylag new add_nickname {_SERVICE}", "  # then write it, and: greylag up"),
        (f"greylag dsn {_SERVICE}@local", "  # for psql, Prisma or any other program"),
        ("greylag server stop", "  # or leave it: it stops when idle"),
    ):
        out(f"  {line:<40}{why}".rstrip())
    return 0


def _story(folder: str, *, fresh: bool) -> None:
    migration = os.path.join("services", _SERVICE, "migrations", _BROKEN)
    everything = ["*@local"] if any(os.environ.get(name) for name in _UNATTENDED) else []
    service = f"{_SERVICE}@local"
    _tell(
        f"Four services with five databases, copied to {folder}."
        if fresh
        else f"The copy in {folder} is used again."
    )
    if os.path.exists(migration):
        _tell("First, what the last demo left is taken back.")
        _run("down", service)
        os.unlink(migration)
    _tell("Every database of every service, on an embedded PostgreSQL 16 that starts by itself:")
    _run("up", *everything)
    _tell("Where everything is:")
    _run("status", *everything)
    _tell("One step back and forward again:")
    _run("down", service)
    _run("up", service)
    _tell("Now a mistake that everybody makes once, a uuid column that refers to a text key:")
    _place("broken", migration)
    if _run("up", service) == 0:
        raise EditError("was meant to fail and did not", hint="remove the demo's folder and run it again")
    _tell("Nothing of it remains in the database. The line is mended in the file, and:")
    _place("fixed", migration)
    _run("up", service)
    _run("status", *everything)


def _tell(text: str) -> None:
    out()
    out(tint(f"# {text}", "strong"))


def _run(*words: str) -> int:
    """A greylag command as the user would type it, in this process; its exit code."""
    import shlex

    from greylag.cli.guard import outcome
    from greylag.cli.main import greylag_command

    out(tint(f"$ greylag {shlex.join(words)}", "link"))
    return outcome(lambda: greylag_command.main(list(words), prog_name="greylag", standalone_mode=False))


def _place(which: str, migration: str) -> None:
    name = _BROKEN if which == "broken" else _BROKEN.replace(".sql", ".fixed.sql")
    shutil.copyfile(os.path.join("broken", name), migration)
