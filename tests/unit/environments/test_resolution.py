"""Which database is meant: every rule, and the order of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.environments.resolution import Request, Resolution, only_target, resolve, resolve_folders
from greylag.errors import GreylagError, TargetError, WorkspaceError
from greylag.model.dsn import Dsn

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[environments.dev]
[environments.prod]
[services.auth.databases.girok]
[services.identity.databases]
identity = { migrations = "migrations/identity" }
legal = { migrations = "migrations/legal" }
"""

URL = "postgres://me:hidden@h/app"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "work"
    for folder in ("auth/migrations", "auth/src", "identity/migrations/legal"):
        (root / "services" / folder).mkdir(parents=True)
    (root / "greylag.toml").write_text(CONFIG)
    return root


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    (tmp_path / "shop" / "migrations").mkdir(parents=True)
    return tmp_path / "shop"


def ask(cwd: Path, *words: str, environ: dict[str, str] | None = None, **options: str) -> Resolution:
    return resolve(Request(str(cwd), environ or {}, words, **options))


def names(found: Resolution) -> list[str]:
    return [target.name for target in found.targets]


def refusal(cwd: Path, *words: str, environ: dict[str, str] | None = None, **options: str) -> GreylagError:
    with pytest.raises(TargetError) as caught:
        ask(cwd, *words, environ=environ, **options)
    assert caught.value.exit_code == 2
    assert "hidden" not in f"{caught.value.message}{caught.value.hint}"
    return caught.value


# --- explicit: targets, or --dsn and --dir


def test_words_are_targets_of_the_workspace_above(workspace: Path) -> None:
    found = ask(workspace / "services" / "auth", "auth@dev", "identity/*@prod")
    assert names(found) == ["auth@dev", "identity/identity@prod", "identity/legal@prod"]
    assert (found.chosen_by, found.root, found.notices) == ("the command line", str(workspace), [])
    assert found.workspace is not None


def test_words_win_over_every_variable(workspace: Path) -> None:
    environ = {"GREYLAG_TARGET": "auth@prod", "DATABASE_URL": URL}
    assert names(ask(workspace, "auth@dev", environ=environ)) == ["auth@dev"]


def test_words_need_a_workspace(plain: Path) -> None:
    error = refusal(plain, "auth@dev")
    assert error.message == "the command line names a target, but no greylag.toml is here or above"
    assert error.hint == "greylag init writes one; without it give --dsn and --dir"


def test_a_target_with_a_connection_string(workspace: Path) -> None:
    (target,) = ask(workspace, "auth@dev", dsn=URL).targets
    assert (target.name, target.dsn, target.source) == ("auth@dev", Dsn(URL), "--dsn")
    error = refusal(workspace, "identity@dev", dsn=URL)
    assert error.message == "--dsn is one database, and 2 are meant"
    assert error.hint == "name one of identity/identity@dev, identity/legal@dev"


def test_a_target_has_its_own_folder(workspace: Path) -> None:
    assert refusal(workspace, "auth@dev", folder="x").hint == "give a target or --dir, not both"


@pytest.mark.parametrize("option", ["dsn", "folder"])
def test_empty_options_are_refused(plain: Path, option: str) -> None:
    error = refusal(plain, **{option: " "})
    assert error.message == f"--{'dir' if option == 'folder' else 'dsn'} is empty"
    assert error.hint == "a variable that is not set gives an empty word"


def test_options_together_say_all_even_in_a_workspace(workspace: Path) -> None:
    (workspace / "greylag.toml").write_text("broken")
    found = ask(workspace, dsn=URL, folder="services/auth/migrations", environ={"GREYLAG_TARGET": "x"})
    (target,) = found.targets
    assert (target.dsn, target.source, target.service) == (Dsn(URL), "--dsn", "")
    assert target.folder == str(workspace / "services" / "auth" / "migrations")
    assert (found.chosen_by, found.workspace) == ("--dsn", None)


def test_in_a_workspace_one_of_them_is_not_enough(workspace: Path) -> None:
    error = refusal(workspace, dsn=URL)
    assert error.message == "--dsn alone does not say which migrations are meant in a workspace"
    assert error.hint == "name a target (service@environment), or give --dir too"
    for environ in ({}, {"DATABASE_URL": URL}):
        error = refusal(workspace, folder="services/auth/migrations", environ=environ)
        assert error.message == "--dir alone does not say which database is meant in a workspace"
        assert error.hint == "name a target (auth@local), or give --dsn too"
    assert (
        refusal(workspace, folder="services").hint == "name a target (service@environment), or give --dsn too"
    )


def test_in_a_plain_folder_one_of_them_is_enough(plain: Path, workspace: Path) -> None:
    (target,) = ask(plain, dsn=URL).targets
    assert (target.folder, target.dsn) == (str(plain / "migrations"), Dsn(URL))
    (target,) = ask(plain, folder=".", environ={"DATABASE_URL": URL}).targets
    assert (target.folder, target.source) == (str(plain), "DATABASE_URL")
    # what counts is the workspace of the folder, not that of the place one calls from
    (target,) = ask(workspace, folder=str(plain), environ={"DATABASE_URL": URL}).targets
    assert (target.folder, target.source) == (str(plain), "DATABASE_URL")


# --- then GREYLAG_TARGET


def test_the_variable_names_targets(workspace: Path) -> None:
    found = ask(workspace, environ={"GREYLAG_TARGET": " auth@dev  identity/legal@dev ", "CI": "1"})
    assert (names(found), found.chosen_by) == (["auth@dev", "identity/legal@dev"], "GREYLAG_TARGET")


def test_the_variable_needs_a_workspace(plain: Path) -> None:
    error = refusal(plain, environ={"GREYLAG_TARGET": "auth@dev", "DATABASE_URL": URL})
    assert error.message == "GREYLAG_TARGET names a target, but no greylag.toml is here or above"


# --- in a plain folder GOOSE_DBSTRING, then DATABASE_URL, both also from .env


def test_variables_of_a_plain_folder(plain: Path) -> None:
    (plain / ".env").write_text(f"DATABASE_URL={URL}\nGOOSE_TABLE=app.versions\n")
    (target,) = ask(plain).targets
    assert (target.dsn, target.source, target.database) == (Dsn(URL), "DATABASE_URL in .env", "app")
    assert (target.table, target.folder, target.environment) == (
        "app.versions",
        str(plain / "migrations"),
        "",
    )
    (target,) = ask(plain, environ={"GOOSE_DBSTRING": "x.db", "GOOSE_DRIVER": "sqlite3"}).targets
    assert (target.source, target.engine) == ("GOOSE_DBSTRING", "sqlite")


def test_they_are_taken_under_ci_too(plain: Path) -> None:
    found = ask(plain, environ={"DATABASE_URL": URL, "CI": "true"})
    assert (found.chosen_by, found.targets[0].dsn) == ("DATABASE_URL", Dsn(URL))


def test_in_a_workspace_they_are_said_and_not_used(workspace: Path) -> None:
    (workspace / ".env").write_text(f"GOOSE_DBSTRING={URL}\n")
    rule = "is set and not used: in a workspace the target says which database is meant"
    for words in ([], ["auth@dev"]):
        found = ask(workspace, *words, environ={"DATABASE_URL": URL})
        assert found.notices == [f"GOOSE_DBSTRING in .env {rule}", f"DATABASE_URL {rule}"]
        assert all(target.dsn is None for target in found.targets)


def test_a_broken_env_file_is_noticed(plain: Path) -> None:
    (plain / ".env").write_text("!hidden\n")
    assert ask(plain).notices == [".env is not a list of NAME=value: nothing of it is used"]


# --- the embedded server last, and never where nobody sits


def test_a_plain_folder_is_a_database_of_the_embedded_server(plain: Path) -> None:
    found = ask(plain)
    (target,) = found.targets
    assert (target.environment, target.database, target.dsn) == ("local", "shop", None)
    assert (found.root, found.chosen_by) == (str(plain), "nothing else being named")


def test_a_workspace_is_all_of_its_databases(workspace: Path) -> None:
    found = ask(workspace)
    assert names(found) == ["auth@local", "identity/identity@local", "identity/legal@local"]
    assert found.chosen_by == "the working folder"


@pytest.mark.parametrize(
    ("folder", "targets"),
    [
        ("services", ["auth@local", "identity/identity@local", "identity/legal@local"]),
        ("services/auth", ["auth@local"]),
        ("services/auth/src", ["auth@local"]),
        ("services/identity", ["identity/identity@local", "identity/legal@local"]),
        ("services/identity/migrations", ["identity/identity@local", "identity/legal@local"]),
        ("services/identity/migrations/legal", ["identity/legal@local"]),
    ],
)
def test_the_working_folder_says_which_service(workspace: Path, folder: str, targets: list[str]) -> None:
    assert names(ask(workspace / folder)) == targets


def test_a_service_at_the_root_does_not_hide_the_others(workspace: Path) -> None:
    with (workspace / "greylag.toml").open("a") as file:
        file.write('[services.web]\nfolder = "."\n[services.web.databases.web]\n')
    assert names(ask(workspace / "services" / "auth")) == ["auth@local"]
    assert len(names(ask(workspace))) == 4


@pytest.mark.parametrize("variable", ["CI", "KUBERNETES_SERVICE_HOST"])
def test_not_where_nobody_sits(plain: Path, workspace: Path, variable: str) -> None:
    environ = {variable: "x"}
    tail = f"and the embedded server is not used where {variable} is set"
    error = refusal(plain, environ=environ)
    assert error.message == f"no database is named, {tail}"
    assert error.hint == "give --dsn, or set GOOSE_DBSTRING or DATABASE_URL"
    error = refusal(workspace, environ=environ)
    assert (error.message, error.hint) == (f"no target is named, {tail}", "name one, or set GREYLAG_TARGET")
    error = refusal(workspace, "auth@dev", "identity", environ=environ)
    assert error.message == f"identity says no environment, {tail}"
    assert error.hint == "write identity@local if you mean it, else identity@ and an environment"
    assert refusal(plain, folder="migrations", environ=environ).message == f"no database is named, {tail}"


def test_there_it_can_be_asked_for_by_name(workspace: Path) -> None:
    environ = {"CI": "true"}
    assert names(ask(workspace, "auth@local", environ=environ)) == ["auth@local"]
    assert names(ask(workspace, "auth", environ=environ, default_environment="dev")) == ["auth@dev"]
    assert names(ask(workspace, "auth", environ=environ, dsn="postgres://h/girok")) == ["auth@local"]


def test_an_empty_ci_is_none(plain: Path) -> None:
    assert ask(plain, environ={"CI": ""}).targets[0].environment == "local"


def test_a_workspace_without_databases(tmp_path: Path) -> None:
    (tmp_path / "greylag.toml").touch()
    assert refusal(tmp_path).hint == "greylag init adds the migrations it finds"


# --- the config file


def test_the_config_may_be_named(workspace: Path, plain: Path) -> None:
    environ = {"GREYLAG_CONFIG": str(workspace / "greylag.toml")}
    assert names(ask(plain, "auth@dev", environ=environ)) == ["auth@dev"]
    (target,) = ask(plain, folder=".", environ={**environ, "DATABASE_URL": URL}).targets
    assert target.source == "DATABASE_URL"


def test_mistakes_in_the_config_are_told(workspace: Path) -> None:
    (workspace / "greylag.toml").write_text("[aply]\n")
    with pytest.raises(WorkspaceError, match="unknown key 'aply'"):
        ask(workspace, "auth@dev")


# --- verbs that need no database


def folders(cwd: Path, *words: str, environ: dict[str, str] | None = None, **options: str) -> Resolution:
    return resolve_folders(Request(str(cwd), environ or {}, words, **options))


def test_folders_are_found_without_any_connection_string(workspace: Path, plain: Path) -> None:
    environ = {"CI": "1", "KUBERNETES_SERVICE_HOST": "1"}
    assert names(folders(workspace, "auth", environ=environ)) == ["auth@local"]
    assert names(folders(workspace / "services" / "auth", environ=environ)) == ["auth@local"]
    assert names(folders(workspace, environ={**environ, "GREYLAG_TARGET": "auth@dev"})) == ["auth@dev"]
    (target,) = folders(plain, environ={**environ, "DATABASE_URL": "mysql://x"}).targets
    assert (target.folder, target.dsn) == (str(plain / "migrations"), None)


def test_a_folder_of_the_workspace_is_its_target(workspace: Path) -> None:
    assert names(folders(workspace, folder="services/auth/migrations")) == ["auth@local"]
    (target,) = folders(workspace, folder="services/other").targets
    assert (target.service, target.folder) == ("", str(workspace / "services" / "other"))


def test_one_target_or_a_list_to_choose_from(workspace: Path) -> None:
    assert only_target(folders(workspace, "auth")).name == "auth@local"
    with pytest.raises(TargetError) as caught:
        only_target(folders(workspace, "identity"))
    assert caught.value.message == "one target is wanted, and 2 are meant"
    assert caught.value.hint == "name one of identity/identity@local, identity/legal@local"
