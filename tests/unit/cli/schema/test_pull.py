from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.plugins.postgres import PostgresServer
    from tests.unit.cli.conftest import Here

FILE = "prisma/schema.prisma"
USERS = "CREATE TABLE users (id int PRIMARY KEY, full_name text);"


@pytest.fixture
def users(there: Here) -> Here:
    there.write(1, USERS)
    assert there.greylag("up").code == 0
    return there


def text(here: Here, path: str = FILE) -> str:
    return (here.base / path).read_text()


def test_written_and_then_up_to_date(users: Here) -> None:
    answer = users.greylag("schema", "pull")
    assert answer.lines == [f"wrote {FILE}", f"next: greylag prisma generate --schema {FILE}"]
    assert text(users).endswith("model users {\n  id        Int     @id\n  full_name String?\n}\n")
    assert users.greylag("schema", "pull").lines == [f"{FILE} is up to date"]


def test_a_file_in_this_folder(users: Here) -> None:
    answer = users.greylag("schema", "pull", "--schema", "schema.prisma", "--camel")
    assert answer.lines == ["wrote schema.prisma", "next: greylag prisma generate --schema schema.prisma"]
    assert 'fullName String? @map("full_name")' in text(users, "schema.prisma")


def test_camel_goes_on_without_being_asked_for(users: Here) -> None:
    users.greylag("schema", "pull", "--camel")
    users.write(2, "ALTER TABLE users ADD last_seen timestamptz;", "ALTER TABLE users DROP last_seen;")
    users.greylag("up")
    assert users.greylag("schema", "pull").lines[0] == f"wrote {FILE}"
    assert '  lastSeen DateTime? @map("last_seen") @db.Timestamptz(6)' in text(users)


def test_check_says_so_and_exits_with_1_and_the_difference(users: Here) -> None:
    answer = users.greylag("schema", "pull", "--check")
    assert answer.code == 1 and "+model users {" in answer.out and "/dev/null" in answer.out
    assert not (users.base / FILE).exists()
    users.greylag("schema", "pull")
    answer = users.greylag("schema", "pull", "--check")
    assert (answer.code, answer.lines) == (0, [f"{FILE} is up to date"])
    users.write(2, "CREATE TABLE posts (id int PRIMARY KEY);", "DROP TABLE posts;")
    users.greylag("up")
    before = text(users)
    answer = users.greylag("schema", "pull", "--check")
    assert answer.code == 1
    assert [line for line in answer.lines if line.startswith("+")] == [
        f"+++ b/{FILE}", "+", "+model posts {", "+  id Int @id", "+}",
    ]  # fmt: skip
    assert text(users) == before and "next:" not in answer.out


def test_printed_it_is_the_file_alone(users: Here) -> None:
    answer = users.greylag("schema", "pull", "--print")
    assert answer.code == 0 and answer.out.startswith("generator client {") and answer.out.endswith("}\n")
    assert not (users.base / FILE).exists()


def test_an_old_file_that_cannot_be_read_stays(users: Here) -> None:
    (users.base / "prisma").mkdir()
    (users.base / FILE).write_text("model a {\n  what is this\n}\n")
    answer = users.greylag("schema", "pull")
    assert answer.code != 0 and f"{FILE}:2" in answer.err and "mend that line" in answer.err
    assert text(users) == "model a {\n  what is this\n}\n"


def test_sqlite_is_refused(here: Here) -> None:
    here.write(1)
    here.greylag("up")
    answer = here.greylag("schema", "pull")
    assert answer.code == 2 and "this is sqlite" in answer.err
    here.workspace()
    answer = here.greylag("schema", "pull", "one@local")
    assert answer.code == 2 and "no PostgreSQL database is meant" in answer.err


@pytest.fixture
def two(here: Here, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Here:
    """Two services on two databases of one server."""
    monkeypatch.delenv("DATABASE_URL")
    (here.base / "greylag.toml").write_text(
        "[environments.dev]\n[environments.stg]\n[schema]\ncamel = true\n[services.one.databases.one_of_pull]\n"
        "[services.two.databases.two_of_pull]\n"
    )
    with psycopg.connect(postgres.url(), autocommit=True) as admin:
        for name in ("one", "two"):
            admin.execute(f"DROP DATABASE IF EXISTS {name}_of_pull WITH (FORCE)".encode())
            admin.execute(f"CREATE DATABASE {name}_of_pull".encode())
            folder = here.base / "services" / name / "migrations"
            folder.mkdir(parents=True)
            (folder / "00001_t.sql").write_text(f"-- +goose Up\nCREATE TABLE {name}s (id int PRIMARY KEY);\n")
            monkeypatch.setenv(f"{name.upper()}_DEV_URL", postgres.url(f"{name}_of_pull"))
    monkeypatch.setenv("ONE_STG_URL", postgres.url())
    return here


def test_several_targets_at_once(two: Here) -> None:
    done = two.greylag("up", "*@dev")
    assert done.code == 0, done.err
    answer = two.greylag("schema", "pull", "*@dev")
    files = [f"services/{name}/prisma/schema.prisma" for name in ("one", "two")]
    assert answer.lines == [*(f"wrote {each}" for each in files), "next: greylag prisma generate"], answer.err
    assert "model One {" in text(two, files[0]) and "model Two {" in text(two, files[1])
    assert two.greylag("schema", "pull", "*@dev", "--check").lines == [f"{', '.join(files)} are up to date"]


def test_one_file_for_two_databases_is_refused(two: Here) -> None:
    for words in (("one@dev", "one@stg"), ("*@dev", "--schema", "x.prisma")):
        answer = two.greylag("schema", "pull", *words)
        assert answer.code == 2 and "is one file" in answer.err
    assert not os.path.exists(two.base / "x.prisma")


def test_where_one_of_several_fails_nothing_is_written(two: Here) -> None:
    assert two.greylag("up", "one@dev").code == 0
    answer = two.greylag("schema", "pull", "*@dev")
    assert answer.code == 2 and "two@dev" in answer.err and "nothing to pull" in answer.err
    assert not (two.base / "services/one/prisma").exists()
