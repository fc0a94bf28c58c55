"""The workspace: where its file is found, and what its values are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greylag.environments.workspace import FILE_NAME, config_above, find_config, load, parse
from greylag.errors import WorkspaceError
from greylag.model.duration import Duration
from greylag.model.workspace import Backup, Gitops, KubernetesSecret, Retention, Vault, Workspace

WHOLE = Path(__file__).with_name("whole_shape.toml")
EXAMPLE = Path(__file__).parents[3] / "examples" / "my-girok" / FILE_NAME


@pytest.fixture(scope="module")
def whole() -> Workspace:
    return parse(WHOLE.read_text(encoding="utf-8"), "/repo/greylag.toml", FILE_NAME)


def test_the_head(whole: Workspace) -> None:
    assert (whole.path, whole.root, whole.name) == ("/repo/greylag.toml", "/repo", "my-girok")
    assert whole.services_folder == "/repo/services"
    assert whole.registry == "gitea.girok.dev/beegy-labs"
    assert whole.image == "{registry}/{service}:{branch}-{sha}"
    assert whole.local_programs == "/repo/tools/pg/bin"
    assert whole.apply == (Duration(3, "3s"), Duration(300, "5min"), Duration(90, "90s"), True)
    assert whole.gitops == Gitops(
        "../platform-gitops",
        "home",
        "develop",
        "clusters/{cluster}/values/{workspace}-{service}-{environment}.yaml",
    )
    assert whole.argocd == ("https://argocd.girok.dev", "{workspace}-{service}-{environment}")


def test_environments(whole: Workspace) -> None:
    assert list(whole.environments) == ["dev", "stg", "prod"]
    dev, stg, prod = whole.environments.values()
    assert (dev.branch, dev.namespace, dev.protected) == ("develop", "dev-my-girok", False)
    assert dev.databases == {"postgres": "{database}_dev", "sqlite": "{database}", "clickhouse": "{database}"}
    assert dev.backup == Backup(Duration(86400, "1 day"), Duration(604800, "7 days"))
    assert (prod.protected, prod.require_backup) == (True, Duration(3600, "1 hour"))
    assert (stg.namespace, stg.backup, stg.require_backup) == ("stg-my-girok", Backup(None, None), None)


def test_an_environment_may_have_secrets_of_its_own(whole: Workspace) -> None:
    vault = Vault("https://vault.girok.dev", "secret", "apps/{workspace}/{service}/{engine}", "url")
    kubernetes = KubernetesSecret("{workspace}-{environment}-{service}-secret", "database-url")
    dev, stg = whole.environments["dev"].secrets, whole.environments["stg"].secrets
    assert dev == whole.secrets == (("env", "vault", "kubernetes"), False, vault, kubernetes)
    assert stg == (("vault",), True, vault._replace(mount="staging"), kubernetes)


def test_services_and_databases(whole: Workspace) -> None:
    assert list(whole.services["identity-service"].databases) == ["identity", "auth", "legal"]
    auth = whole.services["identity-service"].databases["auth"]
    assert auth.folder == "/repo/services/identity-service/migrations/auth"
    assert (auth.vault, auth.kubernetes) == ({"field": "auth-url"}, {"key": "auth-database-url"})
    personal = whole.services["personal-service"]
    assert personal.folder == "/repo/apps/personal"
    assert personal.databases["girok_personal"].folder == "/repo/apps/personal/db"
    assert personal.databases["girok_personal"].table == "app.versions"
    audit = whole.services["audit-service"].databases["audit_db"]
    years = Duration(157680000, "5 years")
    assert (audit.engine, audit.cluster, audit.retention) == (
        "clickhouse",
        "my_cluster",
        Retention(years, years),
    )
    kept = whole.services["analytics-service"].databases["analytics_db"].retention
    assert (str(kept.min), str(kept.max)) == ("90 days", "1 year")


def test_a_used_database_is_as_its_owner_says(whole: Workspace) -> None:
    used = whole.services["identity-service"].databases["legal"]
    own = whole.services["legal-service"].databases["legal"]
    assert (used.owner, own.owner) == ("legal-service", "legal-service")
    assert used._replace(service="legal-service") == own


def test_schemas_of_prisma(whole: Workspace) -> None:
    assert whole.schema == (True, True, ("tmp_*", "audit.*"))
    paths = {
        (service.name, key): database.prisma
        for service in whole.services.values()
        for key, database in service.databases.items()
    }
    assert paths["personal-service", "girok_personal"] == "/repo/apps/personal/prisma/schema.prisma"
    assert paths["identity-service", "identity"] == "/repo/services/identity-service/db/schema.prisma"
    assert paths["identity-service", "auth"] == "/repo/services/identity-service/prisma/auth/schema.prisma"
    assert parse("", "/repo/greylag.toml", FILE_NAME).schema == (False, False, ())


def test_an_empty_file_is_a_workspace() -> None:
    workspace = parse("", "/somewhere/shop/greylag.toml", FILE_NAME)
    assert (workspace.name, workspace.environments, workspace.services) == ("shop", {}, {})
    assert workspace.services_folder == "/somewhere/shop/services"
    assert workspace.secrets.order == ("env",)
    assert workspace.local_programs == ""


def test_the_example_workspace_is_without_mistakes() -> None:
    assert list(load(str(EXAMPLE)).services) == [
        "auth-service",
        "personal-service",
        "legal-service",
        "identity-service",
        "audit-service",
        "analytics-service",
    ]


def test_the_file_is_found_from_every_folder_below(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    config = tmp_path / FILE_NAME
    config.touch()
    assert find_config(str(deep), {}) == find_config(str(tmp_path), {}) == str(config)
    (tmp_path / "a" / FILE_NAME).touch()
    assert config_above(str(deep)) == str(tmp_path / "a" / FILE_NAME)
    (deep / FILE_NAME).mkdir()  # a folder of that name is no config file
    assert config_above(str(deep)) == str(tmp_path / "a" / FILE_NAME)


def test_without_a_file_there_is_no_workspace(tmp_path: Path) -> None:
    assert find_config(str(tmp_path), {}) is None
    assert find_config(str(tmp_path), {"GREYLAG_CONFIG": ""}) is None


def test_a_variable_may_name_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    other = tmp_path / "other.toml"
    other.touch()
    assert find_config(str(tmp_path), {"GREYLAG_CONFIG": "other.toml"}) == str(other)
    with pytest.raises(WorkspaceError) as caught:
        find_config(str(tmp_path), {"GREYLAG_CONFIG": "gone.toml"})
    assert caught.value.message == "GREYLAG_CONFIG names a file that is not there: gone.toml"
    assert caught.value.hint == "unset GREYLAG_CONFIG, or let it name a greylag.toml"


def test_errors_show_the_path_as_one_would_type_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / FILE_NAME
    config.write_text("[aply]\n")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    with pytest.raises(WorkspaceError) as caught:
        load(str(config))
    assert str(caught.value.where) == os.path.join("..", f"{FILE_NAME}:1:2")


def test_without_a_working_folder_errors_show_the_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> str:
        raise FileNotFoundError(2, "No such file or directory")

    config = tmp_path / FILE_NAME
    config.write_text("[aply]\n")
    monkeypatch.setattr(os, "getcwd", gone)
    with pytest.raises(WorkspaceError) as caught:
        load(str(config))
    assert str(caught.value.where) == f"{config}:1:2"


def test_bytes_that_are_no_utf8_are_placed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = tmp_path / FILE_NAME
    config.write_bytes(b'[workspace]\nname = "caf\xe9"\n')
    with pytest.raises(WorkspaceError) as caught:
        load(str(config))
    assert (str(caught.value.where), caught.value.message) == ("greylag.toml:2:12", "this is no UTF-8 text")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    config = tmp_path / FILE_NAME
    config.write_bytes(b'\xef\xbb\xbf[workspace]\nname = "x"\n')
    assert load(str(config)).name == "x"


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(WorkspaceError) as caught:
        load(FILE_NAME)
    assert caught.value.message == "cannot read the config file: Is a directory"
    assert str(caught.value.where) == FILE_NAME


def test_nesting_without_end_is_a_mistake_like_any_other() -> None:
    with pytest.raises(WorkspaceError, match="nested too deeply"):
        parse("a = " + "[" * 5000 + "]" * 5000, "/w/greylag.toml", FILE_NAME)


TEXT = WHOLE.read_text(encoding="utf-8")
PIECES = st.sampled_from(
    ["", "[", "]", '"', "'", "{", "}", "=", ".", "#", "\n", "\x00", "é", "prod", "[[x]]\n", "=1\n"]
)


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, len(TEXT)), length=st.integers(0, 12), piece=PIECES)
def test_a_damaged_file_is_a_workspace_or_a_placed_mistake(at: int, length: int, piece: str) -> None:
    try:
        workspace = parse(TEXT[:at] + piece + TEXT[at + length :], "/w/greylag.toml", FILE_NAME)
    except WorkspaceError as error:
        assert error.where is not None
        assert 0 < error.where.line <= TEXT.count("\n") + 2
    else:
        assert workspace.root == "/w"
