"""Refusals before anything is connected to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.environments.guards import check_alone, check_readable, rightful
from greylag.environments.targets import select
from greylag.environments.workspace import parse
from greylag.errors import TargetError
from greylag.model.dsn import Dsn

if TYPE_CHECKING:
    from pathlib import Path

    from greylag.model.target import Target
    from greylag.model.workspace import Workspace

TEXT = """
[environments.dev.database]
postgres = "{database}_dev"
[environments.stg.database]
postgres = "{database}_dev"
[environments.prod]
[services.auth.databases.girok]
[services.shop.databases.shop]
[services.tiny.databases.tiny]
engine = "sqlite"
"""


def workspace(extra: str = "") -> Workspace:
    return parse(TEXT + extra, "/w/greylag.toml", "greylag.toml")


def target(word: str, extra: str = "") -> Target:
    (found,) = select(workspace(extra), [word])
    return found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mydb", "DATABASE_URL is of no known form of connection string"),
        ("mysql://u:hidden@h/d", "DATABASE_URL is of no known form of connection string"),
        ("postgres://u:hid/den@h/d", "the connection string in DATABASE_URL cannot be taken apart"),
    ],
)
def test_text_that_is_no_connection_string(text: str, message: str) -> None:
    with pytest.raises(TargetError) as caught:
        check_readable(Dsn(text), "DATABASE_URL")
    assert caught.value.message == message
    assert "hid" not in str(caught.value.hint)


def test_a_readable_one_passes() -> None:
    check_readable(Dsn("postgres://h/d"), "X")


def test_the_right_database_passes() -> None:
    dsn = Dsn("postgres://h/girok_dev")
    assert rightful(target("auth@dev"), dsn, "X", {}) is dsn
    assert rightful(target("auth@dev"), Dsn("postgres://h"), "X", {"PGDATABASE": "girok_dev"}).database == ""
    assert rightful(target("tiny@dev"), Dsn("/any/file.db"), "X", {}).database == "/any/file.db"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "postgres://u:hidden@h/girok",
            "AUTH_DEV_URL names the database 'girok', but auth@dev is 'girok_dev'",
        ),
        ("postgres://girok_dev:hidden@h", "AUTH_DEV_URL names no database, but auth@dev is 'girok_dev'"),
        (
            "host=h password=hidden dbname=x",
            "AUTH_DEV_URL names the database 'x', but auth@dev is 'girok_dev'",
        ),
        ("file:girok_dev", "AUTH_DEV_URL is for sqlite, but auth@dev is postgres"),
    ],
)
def test_another_database_is_refused_with_both_names(text: str, message: str) -> None:
    with pytest.raises(TargetError) as caught:
        rightful(target("auth@dev"), Dsn(text), "AUTH_DEV_URL", {})
    assert caught.value.message == message
    assert caught.value.hint
    assert "hidden" not in caught.value.hint


def test_or_the_right_name_is_put_in() -> None:
    replacing = target("auth@dev", '[secrets]\ndsn_database = "replace"')
    assert (
        rightful(replacing, Dsn("postgres://u:p@h/other?a=b"), "X", {}).reveal()
        == "postgres://u:p@h/girok_dev?a=b"
    )


def check(mine: str, theirs: str, word: str = "auth@dev", **environ: str) -> None:
    dsn = Dsn(mine)
    check_alone(target(word), dsn, "MINE", workspace(), {"AUTH_PROD_URL": theirs, **environ})


@pytest.mark.parametrize(
    ("mine", "theirs", "environ"),
    [
        ("postgres://a@h/x", "postgres://b:pw@h:5432/x", {}),
        ("postgres://localhost/x", "host=127.0.0.1 dbname=x", {}),
        ("postgres://[::1]:5432/x", "postgres:///x?host=/var/run/postgresql", {}),
        ("postgres://127.1.2.3/x", "postgresql://LOCALHOST/x", {}),
        ("postgres://H.example./x", "postgres://h.example/x", {}),
        ("postgres:///x", "postgres://db:5433/x", {"PGHOST": "db", "PGPORT": "5433"}),
        ("postgres://x@h", "postgres://h/x", {}),
        ("postgres://h", "postgres://h/x", {"PGDATABASE": "x"}),
        ("postgres://h1,h2/x", "postgres://h2,h3/x", {}),
    ],
)
def test_one_database_for_two_environments_is_refused(
    mine: str, theirs: str, environ: dict[str, str]
) -> None:
    with pytest.raises(TargetError, match=r"^auth@dev and auth@prod are one database: 'x' on ") as caught:
        check(mine, theirs, **environ)
    assert caught.value.hint == "MINE and AUTH_PROD_URL lead to the same place: correct one of them"


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("postgres://h/x", "postgres://h/y"),
        ("postgres://h/x", "postgres://g/x"),
        ("postgres://h:5432/x", "postgres://h:5433/x"),
        ("postgres:///x?host=/run/a", "postgres:///x?host=/run/b"),
        ("postgres://h/x", "x.db"),
        ("postgres://h/x", "postgres://u:p@q/w@h/x"),
        ("postgres://h/x", ""),
    ],
)
def test_different_places_pass(mine: str, theirs: str) -> None:
    check(mine, theirs)


def test_a_database_of_another_service_counts_too() -> None:
    with pytest.raises(
        TargetError, match=r"^auth@dev and shop@prod are one database: 'x' on localhost:5432$"
    ):
        check_alone(
            target("auth@dev"),
            Dsn("postgres://localhost/x"),
            "MINE",
            workspace(),
            {"SHOP_PROD_URL": "dbname=x"},
        )


def test_the_same_environment_is_no_other() -> None:
    check_alone(
        target("auth@dev"), Dsn("postgres://h/x"), "MINE", workspace(), {"AUTH_DEV_URL": "postgres://h/x"}
    )


def test_a_name_that_will_be_put_in_is_what_counts() -> None:
    environ = {"AUTH_STG_URL": "postgres://h/whatever"}
    extra = '[environments.stg.secrets]\ndsn_database = "replace"'
    place = workspace(extra)
    (mine,) = select(place, ["auth@dev"])
    check_alone(mine, Dsn("postgres://h/whatever"), "MINE", place, environ)
    with pytest.raises(TargetError, match="'girok_dev' on h:5432"):
        check_alone(mine, Dsn("postgres://h/girok_dev"), "MINE", place, environ)


def test_files_are_compared_by_their_real_path(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    (tmp_path / "link.db").symlink_to("a.db")
    with pytest.raises(TargetError, match=r"^tiny@dev and tiny@prod are one database: ") as caught:
        check_alone(
            target("tiny@dev"),
            Dsn(f"{tmp_path}/a.db"),
            "MINE",
            workspace(),
            {"TINY_PROD_URL": f"file:{tmp_path}/link.db"},
        )
    assert str(tmp_path / "a.db") in caught.value.message


def test_embedded_folders_are_compared_by_their_real_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to("a")
    config = '[services.log.databases.log]\nengine = "clickhouse"\n'
    environ = {"LOG_PROD_URL": f"chdb://{tmp_path}/b?database=log"}
    found = workspace(config)
    dsn = Dsn(f"chdb://{tmp_path}/a?database=log")
    with pytest.raises(TargetError, match="are one database"):
        check_alone(target("log@dev", config), dsn, "--dsn", found, environ)
    check_alone(target("log@dev", config), Dsn(f"chdb://{tmp_path}/c?database=log"), "--dsn", found, environ)
