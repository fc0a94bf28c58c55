"""``greylag demo``: the main job on the example workspace, with real servers and real output."""

from __future__ import annotations

import os
import shutil
import time
from typing import NamedTuple

import click

from greylag.cli.colour import tint
from greylag.cli.render import out

_SERVICE = "auth-service"
_LINKED = "20260301000000_link_devices"
_INDEXED = "20260302000000_index_devices"
_WIDENED = "20260303000000_add_device_platform"
_COUNTING = "analytics-service"
_COUNTED = "20260304000000_add_hourly_errors"


class _Tale(NamedTuple):
    """What the story adds to a service: files of the example's folder ``broken``."""

    before: str
    """The newest version of the service's own files."""
    mended: dict[str, str]
    """How the good form of each file is called."""


_TALES = {
    _SERVICE: _Tale("20260126080000", {_LINKED: ".fixed.sql", _INDEXED: ".fixed.sql", _WIDENED: ".sql"}),
    _COUNTING: _Tale("20260210020000", {_COUNTED: ".fixed.sql"}),
}

_ON_POSTGRES = (_SERVICE, "personal-service", "legal-service", "identity-service")
_HOLD_SECONDS = 3.0
_UNATTENDED = ("CI", "KUBERNETES_SERVICE_HOST")


@click.command()
@click.argument("folder", default="greylag-demo", type=click.Path(file_okay=False))
def demo(folder: str) -> int:
    """See the whole of it on an example: six services, seven databases, some deliberate mistakes.

    Works in FOLDER, a copy of the example workspace, on the embedded PostgreSQL server and on embedded
    ClickHouse, where that is installed. Safe to run again.
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
    from greylag.operations.example import has_clickhouse

    whole = has_clickhouse()
    words = _everything(whole=whole)
    service = f"{_SERVICE}@local"
    _tell(
        f"Six services with seven databases, copied to {folder}."
        if fresh
        else f"The copy in {folder} is used again."
    )
    if not whole:
        _tell(
            "The two of them on ClickHouse are left out. To see them too: pip install 'greylag[clickhouse]'"
        )
    for name in _TALES if whole else (_SERVICE,):
        _take_back(name)
    _tell(
        "Every database of every service: five on an embedded PostgreSQL 16 that starts by itself, two on "
        "an embedded ClickHouse:"
        if whole
        else "Every database of the others, on an embedded PostgreSQL 16 that starts by itself:"
    )
    _run("up", *words)
    _tell("Where everything is:")
    _run("status", *words)
    _tell("One step back and forward again:")
    _run("down", service)
    _run("up", service)
    _fail_and_mend(service)
    _break_off_and_resume(service)
    _meet_a_lock(service)
    if whole:
        _break_off_without_transactions(f"{_COUNTING}@local")
    _tell("What the journal in the database knows of it, the newest first:")
    _run("history", service, "--statements", "--limit", "9")
    _run("status", *words)


def _everything(*, whole: bool) -> list[str]:
    """The words for all databases there are engines for: as few as will do."""
    unattended = any(os.environ.get(name) for name in _UNATTENDED)
    if not whole:
        return [f"{name}@local" for name in _ON_POSTGRES]
    return ["*@local"] if unattended else []


def _take_back(name: str) -> None:
    """Whatever state the last demo was left in: finish what it added to a service, then take that back."""
    before, mended = _TALES[name]
    if not any(os.path.exists(_path(file)) for file in mended):
        return
    _tell(f"First, what the last demo left in {name} is finished and taken back.")
    for file, ending in mended.items():
        _place(file, ending)
    _run("up", f"{name}@local", codes=(0, 1))  # 1: the way back was broken off, which down-to goes on with
    _run("down-to", before, f"{name}@local")
    for file in mended:
        os.unlink(_path(file))


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


def _break_off_without_transactions(service: str) -> None:
    _tell("ClickHouse has no transactions. A table, and a view on events whose query has a slip:")
    _place(_COUNTED, ".sql")
    _run("up", service, codes=(1,))
    _tell(
        "The table stays: goose would now stop at it for ever. With the slip mended, up goes on at the view:"
    )
    _place(_COUNTED, ".fixed.sql")
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


def _path(file: str) -> str:
    """Where a file of the story is played; ``file`` is its name without an ending."""
    service = next(name for name, tale in _TALES.items() if file in tale.mended)
    return os.path.join("services", service, "migrations", f"{file}.sql")


def _place(file: str, ending: str) -> None:
    from greylag.operations.example import example_folder

    shutil.copyfile(os.path.join(example_folder(), "broken", f"{file}{ending}"), _path(file))
