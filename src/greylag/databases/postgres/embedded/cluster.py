"""The data folder of a workspace's server: made once by initdb, with a password nobody has to know."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.accounts import run
from greylag.databases.postgres.embedded.builds import MAJOR
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.databases.postgres.embedded.places import Place
    from greylag.databases.postgres.embedded.sources import Source

ROLE = "postgres"
"""The one role of the server, its superuser."""

SETTINGS = {
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # a crash of the machine may lose the last half second, and never the data folder: fsync stays on
    "synchronous_commit": "off",
}
"""What goes into ``postgresql.conf`` when the data folder is made; ALTER SYSTEM and editors may change it."""


def make_cluster(place: Place, source: Source) -> None:
    """Make the data folder of ``place`` with the programs of ``source``. Raises EmbeddedError.

    The C locale is the one every build and system has: text sorts by code point, and ``lower`` knows ASCII.
    """
    import secrets
    import shutil

    making = place.folder / "data.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    place.account.give(making)
    password = secrets.token_hex(20)
    told = place.folder / "initdb.password"
    _write_private(told, password, place)
    try:
        made = run(
            place.account,
            [
                source.bin / "initdb", "-D", making, "-U", ROLE, "-A", "scram-sha-256", f"--pwfile={told}",
                "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-sync", "--no-instructions",
                *(word for name, value in SETTINGS.items() for word in ("--set", f"{name}={value}")),
            ],
        )  # fmt: skip
        if made.returncode != 0:
            raise EmbeddedError(f"initdb could not make {place.data}: {_last_line(made.stdout)}")
        # root keeps this file: the server needs no password, and its user has none of our files to read
        _write_private(place.pgpass, f"*:*:*:{ROLE}:{password}\n")
        making.rename(place.data)
    except OSError as failure:
        raise EmbeddedError(f"the data folder {place.data} cannot be made: {failure}") from failure
    finally:
        told.unlink(missing_ok=True)
        shutil.rmtree(making, ignore_errors=True)


def check_cluster(place: Place) -> None:
    """Raise EmbeddedError when the data folder is not one this server can run."""
    try:
        version = (place.data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        version = ""
    if version != MAJOR:
        what = f"was made by PostgreSQL {version}" if version else "is no data folder of PostgreSQL"
        raise EmbeddedError(
            f"{place.data} {what}, and the embedded server is a PostgreSQL {MAJOR}",
            hint=f"move it away, and a new one is made: mv {place.data} {place.data}.old",
        )


def read_password(place: Place) -> str:
    """The password of :data:`ROLE`. Raises EmbeddedError when its file is gone or closed to the caller."""
    try:
        return place.pgpass.read_text(encoding="ascii").strip().rpartition(":")[2]
    except OSError as failure:
        raise EmbeddedError(
            f"the password of the embedded server cannot be read: {failure}",
            hint="greylag server stop, move the folder away, and start again",
        ) from failure


def _write_private(path: Path, text: str, place: Place | None = None) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        if place is not None:
            place.account.give(descriptor)
        file.write(text)


def _last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    errors = [line for line in lines if "error:" in line or "FATAL" in line]
    return (errors or lines or ["it said nothing"])[-1]
