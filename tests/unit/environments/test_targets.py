"""Words to targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from greylag.environments.targets import owned_databases, select, short_name
from greylag.environments.workspace import parse
from greylag.errors import TargetError

if TYPE_CHECKING:
    from greylag.model.workspace import Workspace

WHOLE = Path(__file__).with_name("whole_shape.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def whole() -> Workspace:
    return parse(WHOLE, "/repo/greylag.toml", "greylag.toml")


def names(workspace: Workspace, *words: str, default: str | None = None) -> list[str]:
    return [target.name for target in select(workspace, words, default)]


@pytest.mark.parametrize(
    ("words", "targets"),
    [
        (["auth-service@dev"], ["auth-service@dev"]),
        (["auth-service/girok_auth@dev"], ["auth-service@dev"]),
        (["auth-service"], ["auth-service@local"]),
        (["auth-service@local"], ["auth-service@local"]),
        (["identity-service@prod"], ["identity-service/identity@prod", "identity-service/auth@prod"]),
        (["identity-service/auth@prod"], ["identity-service/auth@prod"]),
        (["identity-service/*"], ["identity-service/identity@local", "identity-service/auth@local"]),
        (["*/legal@dev"], ["legal-service@dev"]),
        (["auth-service@*"], ["auth-service@dev", "auth-service@stg", "auth-service@prod"]),
        (["auth-service@[ds]*"], ["auth-service@dev", "auth-service@stg"]),
        (["?e*-service@dev"], ["personal-service@dev", "legal-service@dev"]),
        (["legal-service@dev", "auth-service@dev", "*l-service@dev"],
         ["legal-service@dev", "auth-service@dev", "personal-service@dev"]),
        ([], []),
    ],
)  # fmt: skip
def test_what_words_mean(whole: Workspace, words: list[str], targets: list[str]) -> None:
    assert names(whole, *words) == targets


def test_a_cluster_is_that_of_every_place_but_the_local_one() -> None:
    text = (
        '[environments.dev]\n[services.a.databases.x]\nengine = "clickhouse"\ncluster = "c"\n'
        '[services.b.databases.y]\nengine = "clickhouse"\ncluster = "{cluster}"\nreplicated_history = false\n'
        '[services.c.databases.z]\nengine = "clickhouse"\n'
    )
    workspace = parse(text, "/repo/greylag.toml", "greylag.toml")
    assert [each.spread for each in select(workspace, ["*@dev"])] == [("c", True), ("{cluster}", False), None]
    assert [each.spread for each in select(workspace, ["*"])] == [None, None, None]


def test_everything_in_the_order_of_the_file(whole: Workspace) -> None:
    expected = [f"{short_name(whole, database)}@stg" for database in owned_databases(whole)]
    assert names(whole, "*@stg") == expected
    assert len(expected) == 8


def test_an_environment_for_words_without_one(whole: Workspace) -> None:
    assert names(whole, "auth-service", "tiny@prod", default="dev") == ["auth-service@dev", "tiny@prod"]


def test_what_a_target_carries(whole: Workspace) -> None:
    (target,) = select(whole, ["identity-service/auth@stg"])
    assert target.secrets is not None
    assert target._replace(secrets=None) == (
        "identity-service/auth@stg", "identity-service", "auth", "stg", "postgres",
        "/repo/services/identity-service/migrations/auth", "goose_db_version", "auth_stg", False, True, None, None, "", None,
    )  # fmt: skip
    assert target.secrets == (
        ("vault",),
        ("IDENTITY_SERVICE_AUTH_STG_URL",),
        ("https://vault.girok.dev", "staging", "apps/my-girok/identity-service/postgres", "auth-url"),
        ("my-girok-stg-identity-service-secret", "auth-database-url"),
        "stg-my-girok",
    )


def test_names_differ_by_environment_and_engine(whole: Workspace) -> None:
    words = ["auth-service@local", "auth-service@dev", "auth-service@prod", "audit-service@dev"]
    found = select(whole, words)
    assert [target.database for target in found] == ["girok_auth", "girok_auth_dev", "girok_auth", "audit_db"]
    assert [target.protected for target in found] == [False, False, True, False]
    assert [target.secrets is None for target in found] == [True, False, False, False]


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        ("identity-service/legal@dev", "identity-service uses legal, and legal-service migrates it",
         "the target is legal-service/legal@dev"),
        ("identity-service/legal", "identity-service uses legal, and legal-service migrates it",
         "the target is legal-service/legal@local"),
        ("auth-servce@dev", "no service 'auth-servce' in /repo/greylag.toml", "did you mean 'auth-service'?"),
        ("auth@dev", "no service 'auth' in /repo/greylag.toml",
         "did you mean 'auth-service' or 'identity-service/auth'?"),
        ("girok_auth@dev", "no service 'girok_auth' in /repo/greylag.toml",
         "did you mean 'auth-service/girok_auth'?"),
        ("zzz", "no service 'zzz' in /repo/greylag.toml",
         ("there is auth-service, personal-service, legal-service, identity-service, audit-service, "
         "analytics-service, tiny")),
        ("z*", "no service 'z*' in /repo/greylag.toml", None),
        ("auth-service@pord", "no environment 'pord' in /repo/greylag.toml", "did you mean 'prod'?"),
        ("auth-service@locl", "no environment 'locl' in /repo/greylag.toml", "did you mean 'local'?"),
        ("identity-service/auht@dev", "no database 'auht' in identity-service", "did you mean 'auth'?"),
        ("*/zzz@dev", ("no database 'zzz' in auth-service, personal-service, legal-service, identity-service, "
         "audit-service, analytics-service, tiny"), None),
        ("", "an empty word is no target", "a target is service@environment or service/database@environment"),
        ("@dev", "'@dev' is no target", "a target is service@environment or service/database@environment"),
        ("a/b/c@dev", "'a/b/c@dev' is no target", "a target is service@environment or service/database@environment"),
        ("postgres://u:hidden@h/d", "a target is wanted, found the connection string postgres://u:xxxxx@h/d",
         "put --dsn in front of it"),
        ("dbname=d password=hidden", "a target is wanted, found the connection string postgres://:xxxxx@/d",
         "put --dsn in front of it"),
    ],
)  # fmt: skip
def test_words_that_mean_nothing(whole: Workspace, word: str, message: str, hint: str | None) -> None:
    with pytest.raises(TargetError) as caught:
        select(whole, [word])
    assert caught.value.message == message
    assert hint is None or caught.value.hint == hint
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "no service 'a' in /w/greylag.toml", "greylag init adds the services it finds"),
        ("[services.a]", "a migrates no database", "greylag init adds the migrations it finds"),
    ],
)
def test_a_workspace_with_nothing_in_it(text: str, message: str, hint: str) -> None:
    with pytest.raises(TargetError) as caught:
        select(parse(text, "/w/greylag.toml", "greylag.toml"), ["a"])
    assert (caught.value.message, caught.value.hint) == (message, hint)
