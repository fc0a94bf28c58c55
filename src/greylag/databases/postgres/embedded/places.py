"""Where the files of a workspace's server are: in its ``.greylag`` folder, or outside where need be."""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from greylag.databases.postgres.embedded.accounts import Account, server_account
from greylag.databases.postgres.embedded.homes import homes, open_folder, open_home
from greylag.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH_BYTES = 900  # PostgreSQL's own limit is 1023, and file names of the data folder still follow
_SOCKET_BYTES = 80  # sun_path ends at 104 bytes on macOS, and "/.s.PGSQL.12345.lock" still follows


@dataclass(frozen=True)
class Place:
    """The files of one server. ``why`` says why they stand outside the workspace; empty when they do not."""

    root: Path
    folder: Path
    account: Account = field(repr=False)
    why: str = ""

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "data"

    @property
    def made(self) -> bool:
        """Whether the data folder is there."""
        return os.path.lexists(self.data)

    @property
    def pgpass(self) -> Path:
        """The password, in the form libpq reads when PGPASSFILE names the file."""
        return self.folder / "pgpass"

    @property
    def port_file(self) -> Path:
        """The TCP port, kept from start to start."""
        return self.folder / "port"

    @property
    def lock_file(self) -> Path:
        """Locked by whoever starts, stops or looks for the server."""
        return self.folder / "lock"

    @property
    def watch_file(self) -> Path:
        """Locked by the watcher for as long as it lives."""
        return self.folder / "watched"

    @property
    def used_file(self) -> Path:
        """Its time of change is when the server was last of use."""
        return self.folder / "used"

    @property
    def started_file(self) -> Path:
        """What the running server was started from (JSON)."""
        return self.folder / "started"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "server.log"


def find_place(root: str | os.PathLike[str]) -> Place:
    """The place of the workspace ``root``: where its server was made, else where it would be. Writes nothing.

    Raises EmbeddedError when ``root`` is no folder.
    """
    workspace = _workspace(root)
    return _existing(workspace) or next(_places(workspace, server_account()))


def make_place(root: str | os.PathLike[str]) -> Place:
    """The place of the workspace ``root``, its folder made if need be. Raises EmbeddedError."""
    workspace = _workspace(root)
    if (existing := _existing(workspace)) is not None:
        return existing
    reasons = []
    for place in _places(workspace, server_account()):
        try:
            _make(place)
        except OSError as failure:
            reasons.append(f"{place.folder}: {failure.strerror or failure}")
            continue
        return place
    raise EmbeddedError(
        "there is no folder for the embedded server's data: " + "; ".join(reasons),
        hint="make one of them writable, or set XDG_DATA_HOME to a folder that is",
    )


def place_at(folder: Path) -> Place:
    """The place whose files are in ``folder``; for the watcher, which is told nothing else."""
    return Place(folder, folder, server_account(_owner(folder / "data")))


def make_socket_folder(place: Place) -> Path:
    """A short folder of mode 0700 for the Unix socket; socket paths end at about 100 bytes."""
    name = f"greylag-{place.account.uid}-{digest_of(place.folder)}"
    for base in _runtime_bases(place.account):
        folder = base / name
        if len(os.fsencode(folder)) > _SOCKET_BYTES:
            continue
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            place.account.give(folder)
        facts = folder.lstat()
        # /tmp is open to everybody: a folder of that name which somebody else made is not used
        if stat.S_ISDIR(facts.st_mode) and facts.st_uid == place.account.uid and not facts.st_mode & 0o077:
            return folder
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="greylag-", dir="/tmp"))
    place.account.give(folder)
    return folder


def digest_of(path: Path) -> str:
    """A short name for ``path``, the same each time."""
    import hashlib  # loads OpenSSL: not on the way to a server that stands in the tree

    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _workspace(root: str | os.PathLike[str]) -> Path:
    path = Path(os.path.realpath(root))
    if not path.is_dir():
        what = "is a file, not a folder" if path.exists() else "does not exist"
        raise EmbeddedError(f"the workspace folder {path} {what}")
    return path


def _existing(workspace: Path) -> Place | None:
    """The first place with a data folder whose owner we are, or may become."""
    for place in _places(workspace, server_account()):
        if (owner := _owner(place.data)) is not None:
            account = server_account(owner)
            if account.uid == owner.st_uid:
                return Place(place.root, place.folder, account, place.why)
    return None


def _places(workspace: Path, account: Account) -> Iterator[Place]:
    tree = workspace / ".greylag" / "postgres"
    why = _outside(tree, account)
    if not why:
        yield Place(workspace, tree, account)
        why = f"{account.name} cannot keep PostgreSQL's data in {workspace}"
    for home in homes(account):
        yield Place(workspace, home / "clusters" / digest_of(workspace), account, why)


def _outside(tree: Path, account: Account) -> str:
    if account.switched:
        return f"PostgreSQL does not run as root but as {account.name}"
    if len(os.fsencode(tree)) > _PATH_BYTES:
        return "the path of the workspace is too long for PostgreSQL"
    if "\n" in str(tree) or "\r" in str(tree):
        return "the path of the workspace holds a line break"
    return ""


def _make(place: Place) -> None:
    """Make the folder of ``place``. Raises OSError when it cannot be made or cannot hold a PostgreSQL."""
    if not place.why:
        _no_file_in_the_way(place)
        place.folder.mkdir(parents=True, exist_ok=True)
        ignore = place.folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="ascii")
    else:
        open_home(place.folder.parents[1], place.account)
        open_folder(place.folder, place.account)
        (place.folder / "workspace").write_bytes(os.fsencode(place.root) + b"\n")
    # the server's user has to pass through a folder of root's, and may read nothing in it
    mode = 0o711 if place.account.switched else 0o700
    place.folder.chmod(mode)
    facts = place.folder.stat()
    if facts.st_uid != os.geteuid() or stat.S_IMODE(facts.st_mode) != mode:
        raise PermissionError(None, "the file system keeps no owners or modes, which PostgreSQL needs")


def _no_file_in_the_way(place: Place) -> None:
    for folder in (place.folder.parent, place.folder):
        if folder.exists() and not folder.is_dir():
            raise EmbeddedError(
                f"{folder} is a file, and the embedded server keeps its data in a folder of that name",
                hint=f"move it out of the way: mv {folder.name} {folder.name}.old",
            )


def _owner(data: Path) -> os.stat_result | None:
    try:
        return data.stat()
    except OSError:
        return None  # not there, or behind a folder that is closed to us


def _runtime_bases(account: Account) -> Iterator[Path]:
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if named and not account.switched and os.path.isabs(named) and os.access(named, os.W_OK | os.X_OK):
        yield Path(named)
    yield Path("/tmp")  # noqa: S108 - TMPDIR may be long; what is found there is checked
