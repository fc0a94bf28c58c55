"""``greylag demo``: the main job on the example workspace, with real servers and real output."""

from __future__ import annotations

import os
import shutil
import time

import click

from greylag.cli.colour import tint
from greylag.cli.render import out

_SERVICE = "auth-service"
_BEFORE = "20260126080000"
"""The newest version of the service's own files."""

_LINKED = "20260301000000_link_devices"
_INDEXED = "20260302000000_index_devices"
_WIDENED = "20260303000000_add_device_platform"
_MENDED = {_LINKED: ".fixed.sql", _INDEXED: ".fixed.sql", _WIDENED: ".sql"}
"""The files of the story, from the example's folder ``broken``, and how the good form of each is called."""

_HOLD_SECONDS = 3.0
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
    everything = ["*@local"] if any(os.environ.get(name) for name in _UNATTENDED) else []
    service = f"{_SERVICE}@local"
    _tell(
        f"Four services with five databases, copied to {folder}."
        if fresh
        else f"The copy in {folder} is used again."
    )
    if any(os.path.exists(_path(name)) for name in _MENDED):
        _take_back(service)
    _tell("Every database of every service, on an embedded PostgreSQL 16 that starts by itself:")
    _run("up", *everything)
    _tell("Where everything is:")
    _run("status", *everything)
    _tell("One step back and forward again:")
    _run("down", service)
    _run("up", service)
    _fail_and_mend(service)
    _break_off_and_resume(service)
    _meet_a_lock(service)
    _tell("What the journal in the database knows of it, the newest first:")
    _run("history", service, "--statements", "--limit", "9")
    _run("status", *everything)


def _take_back(service: str) -> None:
    """Whatever state the last demo was left in: finish its files, then take them back."""
    _tell("First, what the last demo left is finished and taken back.")
    for name, ending in _MENDED.items():
        _place(name, ending)
    _run("up", service, codes=(0, 1))  # 1: the way back was broken off, which down-to goes on with
    _run("down-to", _BEFORE, service)
    for name in _MENDED:
        os.unlink(_path(name))


def _fail_and_mend(service: str) -> None:
    _tell("Now a mistake that everybody makes once, a uuid column that refers to a text key:")
    _place(_LINKED, ".sql")
    _run("up", service, codes=(1,))
    _tell("Nothing of it remains in the database. The line is mended in the file, and:")
    _place(_LINKED, ".fixed.sql")
    _run("up", service)


def _break_off_and_resume(service: str) -> None:
    _tell("Three indexes built without stopping anybody, outside a transaction; the second has a slip:")
    _place(_INDEXED, ".sql")
    _run("up", service, codes=(1,))
    _tell(
        "The first index stays, and the journal knows. The slip is mended, and up goes on where it stopped:"
    )
    _place(_INDEXED, ".fixed.sql")
    _run("up", service)


def _meet_a_lock(service: str) -> None:
    from greylag.cli.options import Place
    from greylag.operations.bystander import bystander

    _tell(
        f"Somebody's report has read devices, and leaves its transaction open for {_HOLD_SECONDS:.0f} s more:"
    )
    _place(_WIDENED, ".sql")
    place = Place((service,), None, None).resolve()
    query = "SELECT count(*) FROM devices"
    with bystander(place.targets[0], place, os.environ, query=query, seconds=_HOLD_SECONDS):
        _run("up", service)


def _tell(text: str) -> None:
    out()
    out(tint(f"# {text}", "strong"))


def _run(*words: str, codes: tuple[int, ...] = (0,)) -> None:
    """A greylag command as the user would type it, in this process. One that ends otherwise ends the demo."""
    import shlex

    from greylag.cli.guard import outcome
    from greylag.cli.main import greylag_command

    out(tint(f"$ greylag {shlex.join(words)}", "link"))
    code = outcome(lambda: greylag_command.main(list(words), prog_name="greylag", standalone_mode=False))
    if code not in codes:
        if code <= 1:
            _tell(
                "That was not to be expected, and ends the demo. To see it whole: greylag demo OTHER_FOLDER"
            )
        raise click.exceptions.Exit(code or 1)


def _path(name: str) -> str:
    return os.path.join("services", _SERVICE, "migrations", f"{name}.sql")


def _place(name: str, ending: str) -> None:
    from greylag.operations.example import example_folder

    shutil.copyfile(os.path.join(example_folder(), "broken", f"{name}{ending}"), _path(name))
