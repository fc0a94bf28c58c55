"""The text of a config file for what was found."""

from __future__ import annotations

import tomllib

import pytest

from greylag.environments.init import extended_config, new_config, unknown
from greylag.environments.tree import FoundDatabase
from greylag.environments.workspace import parse
from greylag.errors import WorkspaceError

ROOT = "/src/my-girok"
CONFIG = f"{ROOT}/greylag.toml"


def found(
    folder: str, migrations: str = "migrations", part: str = "", engine: str = "postgres", cluster: str = ""
) -> FoundDatabase:
    service = "my-girok" if folder == "." else folder.rpartition("/")[2]
    return FoundDatabase(service, folder, migrations, part, engine, cluster, 1)


AUTH = found("services/auth-service")


def databases(text: str) -> dict[str, str]:
    """Service/key to its folder below the root."""
    workspace = parse(text, CONFIG, "greylag.toml")
    return {
        f"{each.service}/{each.key}": each.folder.removeprefix(f"{ROOT}/")
        for service in workspace.services.values()
        for each in service.databases.values()
    }


def test_a_new_file_holds_what_was_found() -> None:
    text = new_config(ROOT, [AUTH, found("services/id", "migrations/legal", "legal")])
    assert tomllib.loads(text)["workspace"] == {"name": "my-girok", "services": "services"}
    assert databases(text) == {
        "auth-service/auth_service": "services/auth-service/migrations",
        "id/legal": "services/id/migrations/legal",
    }
    assert "\n[services.auth-service.databases.auth_service]\n\n[services.id.databases.legal]\n" in text


def test_its_commented_environments_are_right_when_the_marks_are_taken_away() -> None:
    text = new_config(ROOT, [AUTH])
    assert parse(text, CONFIG, "greylag.toml").environments == {}
    workspace = parse(
        text.replace("# [", "[").replace("# data", "data").replace("# prot", "prot"), CONFIG, "x"
    )
    assert workspace.environments["dev"].databases["postgres"] == "{database}_dev"
    assert workspace.environments["prod"].protected


def test_engine_and_cluster_are_written_where_they_are_not_the_default() -> None:
    text = new_config(ROOT, [found("services/audit", engine="clickhouse", cluster="my_cluster")])
    assert 'engine = "clickhouse"\ncluster = "my_cluster"\n' in text
    assert "engine" not in new_config(ROOT, [AUTH])


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ([found("apps/web")], {"web/web": "apps/web/migrations"}),
        ([found(".", "db/migrations")], {"my-girok/my_girok": "db/migrations"}),
        ([found("services/My Svc")], {"My-Svc/My_Svc": "services/My Svc/migrations"}),
        ([found("services/a.b")], {"a.b/a.b": "services/a.b/migrations"}),
        ([AUTH, found("apps/auth-service")],
         {"auth-service/auth_service": "services/auth-service/migrations",
          "apps-auth-service/apps_auth_service": "apps/auth-service/migrations"}),
        ([found("services/a", "migrations/x", "x"), found("services/b", "migrations/x", "x")],
         {"a/x": "services/a/migrations/x", "b/b_x": "services/b/migrations/x"}),
        ([found("services/a", "migrations/x", "x"), found("services/b", "migrations/x", "x"),
          found("services/b_x")],
         {"a/x": "services/a/migrations/x", "b/b_x": "services/b/migrations/x",
          "b_x/b_x_2": "services/b_x/migrations"}),
    ],
)  # fmt: skip
def test_every_database_keeps_its_folder_and_has_a_name_of_its_own(
    what: list[FoundDatabase], expected: dict[str, str]
) -> None:
    assert databases(new_config(ROOT, what)) == expected


EXISTING = """\
# ours
[workspace]
name = "x"   # a comment

[services.auth-service.databases.girok_auth]
"""


def extended(before: str, *what: FoundDatabase) -> str:
    return extended_config(before, CONFIG, "greylag.toml", what)


def test_nothing_new_is_nothing_changed() -> None:
    assert extended(EXISTING, AUTH) == EXISTING
    assert unknown(parse(EXISTING, CONFIG, "greylag.toml"), [AUTH]) == []


def test_what_is_new_comes_at_the_end_and_the_rest_stays() -> None:
    new = found("services/new", "migrations/auth", "girok_auth")
    after = extended(EXISTING, AUTH, new)
    assert after == EXISTING + '\n[services.new.databases.new_girok_auth]\nmigrations = "migrations/auth"\n'
    assert extended(after, AUTH, new) == after
    assert unknown(parse(EXISTING, CONFIG, "greylag.toml"), [AUTH, new]) == [new]


def test_a_service_that_is_there_gets_its_second_database() -> None:
    after = extended(EXISTING, found("services/auth-service", "db/migrations"))
    assert databases(after) == {
        "auth-service/girok_auth": "services/auth-service/migrations",
        "auth-service/auth_service": "services/auth-service/db/migrations",
    }


def test_a_folder_that_has_a_name_in_the_config_keeps_it() -> None:
    before = '[services.front]\nfolder = "apps/web"\n[services.front.databases.front]\nmigrations = "sql"\n'
    assert "[services.front.databases.front_]" not in extended(before, found("apps/web"))
    assert databases(extended(before, found("apps/web"))) == {
        "front/front": "apps/web/sql",
        "front/front_2": "apps/web/migrations",
    }


def test_line_ends_marks_and_missing_line_ends_are_kept() -> None:
    before = "\ufeff[workspace]\r\nname = 'x'"
    assert extended(before, found("services/b")) == before + "\r\n\r\n[services.b.databases.b]\r\n"


def test_another_folder_of_services() -> None:
    after = extended('[workspace]\nservices = "srv"\n', found("srv/a"), found("services/b"))
    assert databases(after) == {"a/a": "srv/a/migrations", "b/b": "services/b/migrations"}
    assert "[services.a]\n" not in after


def test_a_form_that_takes_no_additions_is_left_alone() -> None:
    with pytest.raises(WorkspaceError) as caught:
        extended("services = { }\n", AUTH)
    assert caught.value.message.startswith("the tables for new services do not fit at the end of this file (")
    assert caught.value.hint == "add what is missing by hand:\n[services.auth-service.databases.auth_service]"


def test_a_file_with_mistakes_is_not_extended() -> None:
    with pytest.raises(WorkspaceError, match="unknown key 'aply'"):
        extended("[aply]\n", AUTH)
