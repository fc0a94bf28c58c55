"""What is remembered of files, and when it is not believed."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from typing import TYPE_CHECKING

import pytest

from greylag.migrations import stat_cache
from greylag.migrations.stat_cache import FolderHashes, cache_path

if TYPE_CHECKING:
    from pathlib import Path


def later() -> int:
    """A clock that lies a minute ahead: what was written a moment ago has settled."""
    return time.time_ns() + 60_000_000_000


@pytest.fixture(autouse=True)
def _small_folders_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stat_cache, "MIN_FILES", 1)


class Ground:
    """A folder with two files, its cache, and what was read."""

    def __init__(self, base: Path) -> None:
        self.folder = base / "m"
        self.cache = base / "home" / "greylag" / "stat-cache"
        self.folder.mkdir()
        self.write("1_a.sql", "SELECT 1;")
        self.write("2_b.sql", "SELECT 2;")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def hashes(self, folder: Path | None = None) -> FolderHashes:
        return FolderHashes(str(folder or self.folder), str(self.cache), now_ns=later)

    def learn(self) -> None:
        found = self.hashes()
        for name in ("1_a.sql", "2_b.sql"):
            found.raw(name)
        found.save()

    def blind(self, name: str = "1_a.sql") -> None:
        """Another content behind the same stat, but for the time of the inode, which nobody can set back."""
        path = self.folder / name
        before = path.stat()
        with path.open("r+") as file:
            file.write("SELECT 9;")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def sha(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def sha_of(content: bytes) -> bytes:
    return sha(content.decode().lower())


def refuse(*_: object) -> bytes:
    raise AssertionError("a file is read")


def without_reading(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> FolderHashes:
    monkeypatch.setattr(hashlib, "file_digest", refuse)
    return ground.hashes()


def test_what_was_learnt_is_not_read_again(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.learn()
    found = without_reading(ground, monkeypatch)
    assert [found.raw("1_a.sql"), found.raw("2_b.sql")] == [sha("SELECT 1;"), sha("SELECT 2;")]
    with pytest.raises(AssertionError, match="is read"):
        found.normal("1_a.sql", refuse)
    ground.write("1_a.sql", "SELECT 10;")
    with pytest.raises(AssertionError, match="is read"):
        ground.hashes().raw("1_a.sql")


def test_normal_hashes_are_remembered_once_asked_for(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.learn()
    found = ground.hashes()
    assert found.normal("1_a.sql", sha_of) == sha("select 1;")
    found.save()
    again = without_reading(ground, monkeypatch)
    assert (again.raw("1_a.sql"), again.normal("1_a.sql", refuse)) == (sha("SELECT 1;"), sha("select 1;"))


def test_a_file_that_changed_is_read(ground: Ground) -> None:
    ground.learn()
    ground.write("1_a.sql", "SELECT 10;")
    assert ground.hashes().raw("1_a.sql") == sha("SELECT 10;")


def test_a_change_behind_the_same_size_and_time_is_seen(ground: Ground) -> None:
    ground.learn()
    ground.blind()
    assert ground.hashes().raw("1_a.sql") == sha("SELECT 9;")


def test_a_file_put_in_the_place_of_another_is_read(ground: Ground) -> None:
    ground.learn()
    ground.write("1_a.sql.new", "SELECT 7;")
    (ground.folder / "1_a.sql.new").replace(ground.folder / "1_a.sql")
    assert ground.hashes().raw("1_a.sql") == sha("SELECT 7;")


def test_what_changed_a_moment_ago_is_not_remembered(ground: Ground) -> None:
    found = FolderHashes(str(ground.folder), str(ground.cache))
    found.raw("1_a.sql")
    found.save()
    again = FolderHashes(str(ground.folder), str(ground.cache))
    assert again._pairs == {}


def test_files_that_are_gone_are_forgotten(ground: Ground) -> None:
    ground.learn()
    (ground.folder / "2_b.sql").unlink()
    found = ground.hashes()
    found.normal("1_a.sql", sha_of)
    found.save()
    assert list(ground.hashes()._pairs) == ["1_a.sql"]


def test_folders_share_one_file(ground: Ground, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "1_o.sql").write_text("SELECT 3;")
    ground.learn()
    second = ground.hashes(other)
    second.raw("1_o.sql")
    second.save()
    assert list(ground.hashes()._pairs) == ["1_a.sql", "2_b.sql"]
    assert list(ground.hashes(other)._pairs) == ["1_o.sql"]


def test_old_folders_make_room(ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stat_cache, "_FOLDERS", 1)
    ground.learn()
    other = tmp_path / "other"
    other.mkdir()
    (other / "1_o.sql").write_text("SELECT 3;")
    second = ground.hashes(other)
    second.raw("1_o.sql")
    second.save()
    assert (list(ground.hashes()._pairs), list(ground.hashes(other)._pairs)) == ([], ["1_o.sql"])


def test_the_cache_is_its_users_alone(ground: Ground) -> None:
    ground.learn()
    assert stat.S_IMODE(ground.cache.stat().st_mode) == 0o600
    assert stat.S_IMODE(ground.cache.parent.stat().st_mode) == 0o700
    assert [path.name for path in ground.cache.parent.iterdir()] == ["stat-cache"]


def test_a_cache_that_others_may_write_is_not_believed(ground: Ground) -> None:
    ground.learn()
    ground.cache.chmod(0o666)
    assert ground.hashes()._pairs == {}


@pytest.mark.parametrize("keep", [0, 5, 40, 100, -1])
def test_a_damaged_cache_is_not_believed(ground: Ground, keep: int) -> None:
    ground.learn()
    ground.cache.write_bytes(ground.cache.read_bytes()[:keep])
    assert ground.hashes()._pairs == {}
    ground.learn()
    assert len(ground.hashes()._pairs) == 2


def test_a_flipped_bit_is_seen(ground: Ground) -> None:
    ground.learn()
    data = bytearray(ground.cache.read_bytes())
    data[-40] ^= 1
    ground.cache.write_bytes(bytes(data))
    assert ground.hashes()._pairs == {}


def test_a_cache_of_another_release_is_not_believed(ground: Ground) -> None:
    ground.learn()
    data = ground.cache.read_bytes()
    ground.cache.write_bytes(b"greylag 9" + data[9:])
    assert ground.hashes()._pairs == {}


def test_a_home_that_cannot_be_written_is_fine(ground: Ground) -> None:
    ground.cache.parent.parent.write_text("a file where a folder should be")
    ground.learn()
    assert ground.hashes().raw("1_a.sql") == sha("SELECT 1;")


def test_a_full_disk_leaves_nothing_behind(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    ground.learn()
    assert list(ground.cache.parent.iterdir()) == []


def test_nothing_is_written_where_nothing_was_learnt(ground: Ground) -> None:
    ground.learn()
    before = ground.cache.stat().st_ino
    ground.learn()
    assert ground.cache.stat().st_ino == before


def test_a_small_folder_leaves_no_cache(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stat_cache, "MIN_FILES", 3)
    ground.learn()
    assert not ground.cache.exists()


def test_links_and_names_that_are_not_text(ground: Ground) -> None:
    (ground.folder / "3_c.sql").symlink_to("nowhere")
    odd = os.fsdecode(b"4_\xff.sql")
    ground.write(odd, "SELECT 4;")
    found = ground.hashes()
    found.raw(odd)
    found.save()
    assert list(ground.hashes()._pairs) == [odd]
    with pytest.raises(FileNotFoundError):
        found.raw("3_c.sql")


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/greylag/stat-cache"),
        ({"XDG_CACHE_HOME": "c", "HOME": "/h"}, "/h/.cache/greylag/stat-cache"),
        ({"HOME": "/h"}, "/h/.cache/greylag/stat-cache"),
        ({}, None),
    ],
)
def test_where_it_is(environ: dict[str, str], path: str | None) -> None:
    assert cache_path(environ) == path


def test_files_that_are_not_what_was_expected(ground: Ground) -> None:
    expected = {"1_a.sql": sha("SELECT 1;"), "2_b.sql": sha("SELECT 3;")}
    assert ground.hashes().unlike(expected) == ["2_b.sql"]
    ground.learn()
    assert ground.hashes().unlike(expected) == ["2_b.sql"]
    ground.write("1_a.sql", "SELECT 10;")
    assert ground.hashes().unlike(expected) == ["1_a.sql", "2_b.sql"]


def test_each_form_has_its_own_hashes(ground: Ground) -> None:
    """A folder may be run on two engines, and each has another normal form of a file."""
    found = ground.hashes()
    assert found.normal("1_a.sql", sha_of) == sha("select 1;")
    found.save()
    other = FolderHashes(str(ground.folder), str(ground.cache), form="clickhouse", now_ns=later)
    assert other.normal("1_a.sql", lambda _: b"\x01" * 32) == b"\x01" * 32
    other.save()
    assert ground.hashes().normal("1_a.sql", refuse) == sha("select 1;")
