"""Databases that are there for a moment: made on an embedded server, used, and gone again."""

from __future__ import annotations

import contextlib
import os
import tempfile
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.environments.resolution import Resolution

PREFIX = "greylag_scratch_"
_number = count(1)


class Workshop(NamedTuple):
    """Where scratch databases are made: ``root`` holds ``.greylag``, ``programs`` is ``[local] bin``."""

    root: str
    programs: str | None = None


def workshop_of(resolution: Resolution) -> Workshop:
    """The workshop of what a command means."""
    from greylag.operations.reach import programs_of

    return Workshop(resolution.root, programs_of(resolution))


@contextlib.contextmanager
def scratch(engine: str, workshop: Workshop, database: str = "") -> Iterator[str]:
    """The connection string of an empty database of ``engine``, which is dropped at the end.

    It is called ``database`` in ClickHouse, whose files name tables with their database. Raises EmbeddedError
    where the embedded server cannot be started.
    """
    with _MAKERS[engine](workshop, database) as dsn:
        yield dsn


@contextlib.contextmanager
def _on_server(workshop: Workshop, _: str) -> Iterator[str]:
    from greylag.operations.server import drop_local, local_dsn

    name = f"{PREFIX}{os.getpid()}_{next(_number)}"
    drop_local(workshop.root, name, bin=workshop.programs)  # of a process that was killed and had our number
    dsn = local_dsn(workshop.root, name, bin=workshop.programs)
    try:
        yield dsn
    finally:
        drop_local(workshop.root, name, bin=workshop.programs)


@contextlib.contextmanager
def _in_file(workshop: Workshop, _: str) -> Iterator[str]:
    del workshop
    with tempfile.TemporaryDirectory(prefix="greylag-") as folder:
        yield os.path.join(folder, "scratch.db")


@contextlib.contextmanager
def _in_folder(workshop: Workshop, database: str) -> Iterator[str]:
    from greylag.model.dsn import Dsn

    del workshop
    with tempfile.TemporaryDirectory(prefix="greylag-") as folder:
        yield Dsn.embedded(folder, database or "scratch").reveal()


_MAKERS = {"postgres": _on_server, "sqlite": _in_file, "clickhouse": _in_folder}
