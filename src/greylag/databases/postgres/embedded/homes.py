"""Folders of greylag's own outside any workspace: for server builds, and for data a workspace cannot hold."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.accounts import server_account
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from greylag.databases.postgres.embedded.accounts import Account

_SHARED = Path("/var/lib/greylag")


def homes(account: Account) -> list[Path]:
    """Where greylag may keep what the server of ``account`` uses, best first, made or not."""
    named = os.environ.get("XDG_DATA_HOME", "")
    last = Path(f"/tmp/greylag-data-{os.geteuid()}")  # noqa: S108 - open_home() checks the owner
    own = [Path(named) / "greylag"] if os.path.isabs(named) else []
    if account.switched:
        return [*(home for home in own if account.reaches(home)), _SHARED, last]
    personal = Path(os.path.expanduser("~")) / ".local" / "share" / "greylag"
    return [*(own or [personal]), last]


def data_home(account: Account) -> Path:
    """The first home that can be used, made if need be. Raises EmbeddedError when there is none."""
    for home in homes(account):
        with contextlib.suppress(OSError):
            open_home(home, account)
            return home
    raise EmbeddedError(
        "there is no folder to keep a server build in: "
        + ", ".join(str(home) for home in homes(account))
        + " cannot be written",
        hint="set XDG_DATA_HOME to a folder that can",
    )


def open_home(home: Path, account: Account) -> None:
    """Make ``home`` if need be. Raises OSError unless it is the caller's own and open to ``account``."""
    open_folder(home, account)
    if home.stat().st_uid != os.geteuid() or not os.access(home, os.W_OK):
        raise PermissionError(None, "it belongs to somebody else")
    if not account.reaches(home):
        raise PermissionError(None, f"{account.name} cannot reach it")


def build_homes() -> list[Path]:
    """Homes that may hold builds: the caller's own, then what root installed for everybody."""
    every = dict.fromkeys([*homes(server_account()), _SHARED])
    return [home for home in every if _owner(home) in (0, os.geteuid())]


def open_folder(folder: Path, account: Account) -> None:
    """Make ``folder``, and what is missing above it, so that ``account`` may pass, whatever the umask is."""
    for path in (*reversed(folder.parents), folder):
        if not path.exists():
            path.mkdir(exist_ok=True)
            path.chmod(0o755 if account.switched else 0o700)


def _owner(folder: Path) -> int | None:
    try:
        return folder.stat().st_uid
    except OSError:
        return None
