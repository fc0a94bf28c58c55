"""Who the server runs as, and how its programs are run."""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import accounts
from greylag.databases.postgres.embedded.accounts import Account, bare_environ, caller, run, server_account
from greylag.errors import EmbeddedError


def test_an_ordinary_caller_runs_the_server_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert server_account() == Account("4711", 4711, os.getegid()) == caller()
    assert not server_account().switched


def test_root_prefers_the_user_made_for_it_and_keeps_an_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    known = {"postgres": 70, "nobody": 65534}
    monkeypatch.setattr(
        pwd, "getpwnam", lambda name: pwd.struct_passwd((name, "x", known[name], 7, "", "/", ""))
    )
    assert server_account() == Account("postgres", 70, 7, switched=True)
    del known["postgres"]
    assert server_account() == Account("nobody", 65534, 7, switched=True)
    owned = os.stat_result((0o40700, 0, 0, 1, 1234, 99, 0, 0, 0, 0))
    assert server_account(owned) == Account("1234", 1234, 99, switched=True)
    assert server_account(os.stat_result((0o40700, 0, 0, 1, 0, 0, 0, 0, 0, 0))).name == "nobody"
    known.clear()
    with pytest.raises(EmbeddedError, match="no user postgres or nobody") as refusal:
        server_account()
    assert refusal.value.hint is not None and "useradd" in refusal.value.hint


def test_a_user_of_number_zero_is_root_by_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", lambda name: pwd.struct_passwd((name, "x", 0, 0, "", "/", "")))
    with pytest.raises(EmbeddedError, match="does not run as root"):
        server_account()


def test_what_another_user_reaches(tmp_path: Path) -> None:
    folder = Path("/usr/lib")
    stranger = Account("stranger", 54321, 54321, switched=True)
    assert stranger.reaches(folder) and stranger.reaches(folder / "not" / "made" / "yet")
    assert not stranger.reaches(tmp_path), "the folders of pytest are closed to others"
    owner = tmp_path.stat()
    assert Account("me", owner.st_uid, owner.st_gid).reaches(tmp_path / "new")


def test_programs_see_neither_the_environment_nor_the_folder_of_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/some/lib")
    assert set(bare_environ()) == {"PATH", "LC_ALL", "LD_LIBRARY_PATH"}
    code = "import os, sys; print(os.getcwd(), os.environ.get('DATABASE_URL'), os.environ['PGDATA'], sys.stdin.read() == '')"
    answer = run(caller(), [sys.executable, "-c", code], environ={"PGDATA": "/d"})
    assert (answer.stdout, answer.returncode) == (b"/ None /d True\n", 0)


def test_a_program_that_takes_too_long_is_ended() -> None:
    with pytest.raises(EmbeddedError, match=r"sleep did not finish within 0\.1 s"):
        run(caller(), ["sleep", "30"], seconds=0.1)


def test_a_program_that_cannot_be_started_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        run(caller(), [tmp_path / "none"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_becomes_the_account(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    account = Account("nobody", nobody.pw_uid, nobody.pw_gid, switched=True)
    answer = run(account, ["sh", "-c", "id -u; id -G"])
    assert answer.stdout.split() == [str(nobody.pw_uid).encode(), str(nobody.pw_gid).encode()]
    account.give(tmp_path)
    assert tmp_path.stat().st_uid == nobody.pw_uid
    caller().give(tmp_path)
    assert tmp_path.stat().st_uid == nobody.pw_uid, "the caller's own files are left as they are"


def test_names_are_listed_best_first() -> None:
    assert accounts.ORDINARY == ("postgres", "nobody")
