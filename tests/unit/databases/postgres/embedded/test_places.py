"""Where the files of a server are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import places
from greylag.databases.postgres.embedded.accounts import Account
from greylag.databases.postgres.embedded.places import (
    Place,
    digest_of,
    find_place,
    make_place,
    make_socket_folder,
    place_at,
)
from greylag.errors import EmbeddedError

ME = Account("me", os.geteuid(), os.getegid())


@pytest.fixture(autouse=True)
def as_ordinary_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules of an ordinary user, whoever runs the tests; roots' are in tests/roads/test_server.py."""
    monkeypatch.setattr(places, "server_account", lambda made=None: ME)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


def test_the_place_is_in_the_tree_and_looking_for_it_makes_nothing(workspace: Path) -> None:
    place = find_place(workspace)
    assert (place.folder, place.why, place.made) == (workspace / ".greylag" / "postgres", "", False)
    assert list(workspace.iterdir()) == []
    assert make_place(workspace) == place
    assert (place.folder / ".gitignore").read_text() == "*\n"
    assert place.folder.stat().st_mode & 0o777 == 0o700
    (place.folder / ".gitignore").write_text("mine\n")
    make_place(workspace)
    assert (place.folder / ".gitignore").read_text() == "mine\n"


def test_a_link_to_the_workspace_is_the_workspace(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(workspace)
    assert find_place(tmp_path / "link") == find_place(workspace)


def test_all_files_of_a_place_are_in_its_folder(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path / "p", ME)
    files = [place.data, place.pgpass, place.port_file, place.lock_file, place.watch_file, place.used_file]
    files += [place.started_file, place.log]
    assert len(set(files)) == 8 and {file.parent for file in files} == {tmp_path / "p"}
    assert "uid" not in repr(place)


def test_a_place_outside_knows_its_workspace(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_PATH_BYTES", 10)
    place = make_place(workspace)
    assert place.folder == tmp_path / "xdg" / "greylag" / "clusters" / digest_of(workspace)
    assert place.why == "the path of the workspace is too long for PostgreSQL"
    assert (place.folder / "workspace").read_text() == f"{workspace}\n"
    assert find_place(workspace) == place


def test_where_a_server_was_made_is_where_it_is(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_outside", lambda *_: "for a reason")
    outside = make_place(workspace)
    outside.data.mkdir()
    monkeypatch.undo()
    monkeypatch.setattr(places, "server_account", lambda made=None: ME)
    monkeypatch.setenv("XDG_DATA_HOME", str(outside.folder.parents[2]))
    found = find_place(workspace)
    assert found.folder == outside.folder and found.made
    (workspace / ".greylag" / "postgres" / "data").mkdir(parents=True)
    assert find_place(workspace).folder == workspace / ".greylag" / "postgres"


def test_data_of_another_user_is_not_ours(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workspace / ".greylag" / "postgres" / "data").mkdir(parents=True)
    monkeypatch.setattr(places, "server_account", lambda made=None: Account("other", 54321, 54321))
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    assert places._existing(workspace) is None


def test_line_breaks_move_the_data_out(tmp_path: Path) -> None:
    folder = tmp_path / "two\nlines"
    folder.mkdir()
    assert find_place(folder).why == "the path of the workspace holds a line break"


def test_root_is_told_who_runs_the_server(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account("postgres", 70, 70, switched=True)
    monkeypatch.setattr(places, "server_account", lambda made=None: account)
    assert find_place(workspace).why == "PostgreSQL does not run as root but as postgres"


@pytest.mark.parametrize("name", [".greylag", ".greylag/postgres"])
def test_a_file_in_the_way(workspace: Path, name: str) -> None:
    (workspace / name).parent.mkdir(exist_ok=True)
    (workspace / name).write_text("")
    with pytest.raises(EmbeddedError, match=f"{workspace / name} is a file") as refusal:
        make_place(workspace)
    assert refusal.value.hint is not None and ".old" in refusal.value.hint


def test_a_workspace_that_is_none(workspace: Path) -> None:
    (workspace / "file").write_text("")
    with pytest.raises(EmbeddedError, match="file is a file, not a folder"):
        find_place(workspace / "file")
    with pytest.raises(EmbeddedError, match="none does not exist"):
        make_place(workspace / "none")


def test_no_place_at_all_says_what_was_tried(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(place: Place) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(places, "_make", full)
    with pytest.raises(EmbeddedError, match="no folder for the embedded server's data") as refusal:
        make_place(workspace)
    assert refusal.value.message.count("No space left on device") == 3
    assert str(workspace / ".greylag" / "postgres") in refusal.value.message


def test_a_file_system_without_modes_is_passed_over(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.chmod

    def chmod(path: Path, mode: int) -> None:
        if not path.is_relative_to(workspace):  # as on a mounted Windows disk
            real(path, mode)

    monkeypatch.setattr(Path, "chmod", chmod)
    monkeypatch.setattr(Path, "mkdir", lambda path, *a, **k: os.makedirs(path, 0o777, exist_ok=True))
    place = make_place(workspace)
    assert place.folder.is_relative_to(tmp_path / "xdg") and "cannot keep PostgreSQL's data in" in place.why


def test_the_watcher_finds_the_place_by_its_folder(workspace: Path) -> None:
    made = make_place(workspace)
    assert place_at(made.folder).data == made.data


def test_socket_folders_are_short_private_and_the_same_each_time(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_place(workspace)
    folder = make_socket_folder(place)
    try:
        assert folder == Path(f"/tmp/greylag-{ME.uid}-{digest_of(place.folder)}")
        assert folder.stat().st_mode & 0o777 == 0o700
        assert make_socket_folder(place) == folder
        folder.chmod(0o755)  # not as we make it: somebody else's idea
        other = make_socket_folder(place)
        assert other != folder and other.stat().st_mode & 0o777 == 0o700
        other.rmdir()
    finally:
        folder.rmdir()


def test_the_runtime_folder_of_the_session_is_used_if_it_is_short(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_place(workspace)
    monkeypatch.setattr(places, "_SOCKET_BYTES", 4000)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert make_socket_folder(place).parent == tmp_path
    monkeypatch.setattr(places, "_SOCKET_BYTES", len(f"/tmp/greylag-{ME.uid}-{digest_of(place.folder)}"))
    in_tmp = make_socket_folder(place)
    assert in_tmp.parent == Path("/tmp")
    in_tmp.rmdir()
