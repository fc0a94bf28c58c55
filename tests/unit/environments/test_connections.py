"""The last step to a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.environments.connections import connection_of
from greylag.environments.plain_folder import with_dsn
from greylag.environments.targets import select
from greylag.environments.workspace import parse
from greylag.errors import SecretError, TargetError
from greylag.model.dsn import Dsn

if TYPE_CHECKING:
    from greylag.model.target import Connection, Target

ENGINES = ("postgres", "pgx", "sqlite", "sqlite3")

WORKSPACE = parse(
    """
[environments.dev.database]
postgres = "{database}_dev"
[environments.prod]
[services.auth.databases.girok]
[services.tiny.databases.tiny]
engine = "sqlite"
[services.audit.databases.log]
engine = "clickhouse"
""",
    "/w/greylag.toml",
    "greylag.toml",
)


def target(word: str) -> Target:
    (found,) = select(WORKSPACE, [word])
    return found


def connect(found: Target, **environ: str) -> Connection:
    return connection_of(found, WORKSPACE, "/w", environ, ENGINES)


def test_a_local_target_is_the_embedded_servers_database() -> None:
    assert connect(target("auth"), AUTH_LOCAL_URL="postgres://h/d") == (None, "girok", "the embedded server")


def test_a_local_sqlite_target_is_a_file_beside_the_servers_data() -> None:
    path = "/w/.greylag/sqlite/tiny.db"
    assert connect(target("tiny")) == (Dsn(path, "sqlite"), path, ".greylag")


def test_a_local_clickhouse_target_is_a_folder_beside_the_servers_data() -> None:
    found = connection_of(target("audit"), WORKSPACE, "/w", {}, (*ENGINES, "clickhouse"))
    assert found == (Dsn("chdb:///w/.greylag/clickhouse/log?database=log"), "log", ".greylag")


def test_the_secret_is_fetched_and_its_place_told() -> None:
    environ = {"AUTH_DEV_URL": "postgres://u:hidden@h/girok_dev"}
    found = connect(target("auth@dev"), **environ)
    assert found == (Dsn("postgres://u:hidden@h/girok_dev"), "girok_dev", "AUTH_DEV_URL")
    assert "hidden" not in repr(found)


def test_without_a_secret_there_is_no_connection() -> None:
    with pytest.raises(SecretError, match="no connection string for auth@dev"):
        connect(target("auth@dev"))


def test_a_given_connection_string_replaces_the_secret_and_is_guarded_alike() -> None:
    given = target("auth@dev")._replace(dsn=Dsn("postgres://h/girok_dev"), source="--dsn")
    assert connect(given, AUTH_DEV_URL="postgres://g/x").source == "--dsn"
    with pytest.raises(TargetError, match=r"^--dsn names the database 'x', but auth@dev is 'girok_dev'$"):
        connect(given._replace(dsn=Dsn("postgres://h/x")))
    with pytest.raises(TargetError, match=r"^auth@dev and auth@prod are one database"):
        connect(given, AUTH_PROD_URL="postgres://h/girok_dev")


def test_an_engine_that_is_not_in_this_build() -> None:
    with pytest.raises(TargetError) as caught:
        connect(target("audit"))
    assert caught.value.message == "audit@local needs the engine for ClickHouse, which is not in this build"
    assert caught.value.hint == "this build has PostgreSQL and SQLite"
    with pytest.raises(TargetError, match=r"^--dsn needs the engine for ClickHouse"):
        connect(with_dsn(target("auth"), Dsn("clickhouse://h:9000/d"), "--dsn"))
    with pytest.raises(TargetError, match=r"^AUDIT_DEV_URL needs the engine for ClickHouse"):
        connect(target("audit@dev"), AUDIT_DEV_URL="clickhouse://h/log")


def test_a_plain_folder_is_not_guarded_by_names() -> None:
    plain = with_dsn(target("auth")._replace(service="", key=""), Dsn("postgres://h/any"), "DATABASE_URL")
    found = connection_of(plain, None, "/w", {}, ENGINES)
    assert found == (Dsn("postgres://h/any"), "any", "DATABASE_URL")


@pytest.mark.parametrize("text", ["", "mysql://u:hidden@h/d", "postgres://u:hid@den@h@/d/@"])
def test_text_that_cannot_be_used_is_refused_without_quoting_it(text: str) -> None:
    plain = with_dsn(target("auth")._replace(service=""), Dsn(text), "DATABASE_URL")
    with pytest.raises(TargetError, match="DATABASE_URL") as caught:
        connection_of(plain, None, "/w", {}, ENGINES)
    assert "hid" not in f"{caught.value.message}{caught.value.hint}"
