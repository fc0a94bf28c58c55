"""Hashes of files remembered beside their stat: a folder in which nothing changed is not read again.

The rules are those of git's index: a file is taken as unchanged when size, times and inode are, and not
remembered at all when it was changed a moment ago, because a second change would leave the same stat.
"""

from __future__ import annotations

import os
import time
from binascii import crc32
from struct import Struct

from greylag import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Stat = tuple[int, int, int, int]
    """Size, time of the last change of the content and of the inode in nanoseconds, inode."""

    Pair = tuple[bytes, bytes]
    """Raw and normal hash."""

    Sections = dict[bytes, bytes]
    """Folder to the packed stats and hashes of its files, the one used last in front."""

MIN_FILES = 200
"""A smaller folder is read as fast as the cache is, and leaves none."""

_SETTLED_NS = 2_000_000_000
"""Some file systems count times in steps of two seconds."""
_FOLDERS = 64
_MAGIC = f"greylag {__version__} stat cache 1\n".encode()
_SUM, _SECTION, _COUNTS = Struct("<I"), Struct("<II"), Struct("<II")
_STAT, _PAIR = Struct("<QqqQ"), Struct("<32s32s")
_NONE = bytes(32)
"""In place of a hash that nobody has asked for."""


def cache_path(environ: Mapping[str, str]) -> str | None:
    """The cache file of this user (``XDG_CACHE_HOME``, else ``~/.cache``); None where there is no home."""
    base = environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # the specification says to ignore a relative one
        home = environ.get("HOME", "")
        base = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    return os.path.join(base, "greylag", "stat-cache") if base else None


class FolderHashes:
    """Hashes of the files of ``folder``, from the file ``cache`` where their stat is as it was.

    ``form`` says whose normal form is asked for. Nothing that is wrong with the cache is an error: without
    it files are read. ``save`` writes it.
    """

    def __init__(
        self,
        folder: str,
        cache: str | None,
        *,
        form: str = "postgres",
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._folder = folder
        self._asked_ns = now_ns()
        self._key = os.fsencode(os.path.realpath(folder)) + (
            b"" if form == "postgres" else _NONE + form.encode()
        )
        self._stats = _stats(folder)
        self._cache = cache if len(self._stats) >= MIN_FILES else None
        self._sections = _load(self._cache) if self._cache else {}
        self._pairs: dict[str, Pair] = {}
        self._changed = False
        stats = self._stats
        for name, stat, pair in _unpack(self._sections.pop(self._key, b"")):
            if stats.get(name) == stat:
                self._pairs[name] = pair

    def unlike(self, expected: Mapping[str, bytes]) -> list[str]:
        """Names of files whose raw hash is not the one expected. Raises OSError."""
        pairs, unknown = self._pairs, (_NONE, _NONE)
        return [
            name
            for name, raw in expected.items()
            if pairs.get(name, unknown)[0] != raw and self.raw(name) != raw
        ]

    def raw(self, name: str) -> bytes:
        """SHA-256 over the bytes of a file. Raises OSError where it cannot be read."""
        raw, normal = self._pairs.get(name, (_NONE, _NONE))
        if raw == _NONE:
            from hashlib import file_digest  # it loads OpenSSL, which nothing needs where all is remembered

            with open(os.path.join(self._folder, name), "rb") as file:
                raw = file_digest(file, "sha256").digest()
            self._pairs[name] = raw, normal
            self._changed = True
        return raw

    def normal(self, name: str, digest: Callable[[bytes], bytes]) -> bytes:
        """The hash that ``digest`` makes of the content of a file. Raises OSError."""
        raw, normal = self._pairs.get(name, (_NONE, _NONE))
        if normal == _NONE:
            with open(os.path.join(self._folder, name), "rb") as file:
                normal = digest(file.read())
            self._pairs[name] = raw, normal
            self._changed = True
        return normal

    def save(self) -> None:
        """Remember what was learnt. A cache that cannot be written is left as it is."""
        if self._cache is None or not self._changed:
            return
        settled = self._asked_ns - _SETTLED_NS
        kept = [
            (name, stat, self._pairs[name])
            for name, stat in self._stats.items()
            if name in self._pairs and max(stat[1:3]) < settled
        ]
        others = list(self._sections.items())[: _FOLDERS - 1]
        _store(self._cache, [(self._key, _pack(kept)), *others])


def _stats(folder: str) -> dict[str, Stat]:
    found = {}
    handle = os.open(folder or ".", os.O_RDONLY)
    try:  # a stat by name inside an open folder is a fifth cheaper than one by path
        for name in os.listdir(handle):
            if not name.endswith(".sql"):
                continue
            try:
                stat = os.stat(name, dir_fd=handle)
            except OSError:  # a link that leads nowhere: reading it tells
                continue
            found[name] = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
    finally:
        os.close(handle)
    return found


def _pack(files: list[tuple[str, Stat, Pair]]) -> bytes:
    names = b"\0".join(os.fsencode(name) for name, _, _ in files)
    stats = b"".join(_STAT.pack(*stat) for _, stat, _ in files)
    pairs = b"".join(_PAIR.pack(*pair) for _, _, pair in files)
    return _COUNTS.pack(len(files), len(names)) + names + stats + pairs


def _unpack(section: bytes) -> Iterable[tuple[str, Stat, Pair]]:
    if not section:
        return ()
    count, size = _COUNTS.unpack_from(section)
    stats = _COUNTS.size + size
    pairs = stats + count * _STAT.size
    names = os.fsdecode(section[_COUNTS.size : stats]).split("\0")
    return zip(
        names, _STAT.iter_unpack(section[stats:pairs]), _PAIR.iter_unpack(section[pairs:]), strict=False
    )


def _load(path: str) -> Sections:
    """Everything the file holds; nothing where it is damaged, of another release, or not this user's."""
    try:
        with open(path, "rb") as file:
            stat = os.fstat(file.fileno())
            if stat.st_uid != os.geteuid() or stat.st_mode & 0o022:
                return {}
            data = file.read()
    except OSError:
        return {}
    start = len(_MAGIC) + _SUM.size
    if not data.startswith(_MAGIC) or len(data) < start:
        return {}
    if _SUM.unpack_from(data, len(_MAGIC)) != (crc32(memoryview(data)[start:]),):
        return {}
    return _sections(data, start)


def _sections(data: bytes, at: int) -> Sections:
    found: Sections = {}
    while at < len(data):
        key, body = _SECTION.unpack_from(data, at)
        at += _SECTION.size
        found[data[at : at + key]] = data[at + key : at + key + body]
        at += key + body
    return found


def _store(path: str, sections: list[tuple[bytes, bytes]]) -> None:
    body = b"".join(_SECTION.pack(len(key), len(text)) + key + text for key, text in sections)
    fresh = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(handle, "wb") as file:
                file.write(_MAGIC + _SUM.pack(crc32(body)) + body)
            os.replace(fresh, path)
        except OSError:
            os.unlink(fresh)
    except OSError:  # a home that is read-only, or full
        return
