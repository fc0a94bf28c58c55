from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


from greylag.operations.troubles.nearby import Nearby


class Shop(Nearby):
    def tables(self) -> list[str]:
        return ["orders", "users"]

    def columns(self, table: str) -> list[str]:
        return ["id", "nickname"] if table == "users" else []


def test_what_is_there_may_be_recorded(hint: Callable[..., str]) -> None:
    told = hint("42P07", 'relation "users" already exists', failing="CREATE TABLE users ();")
    assert told.startswith("relation users is there already. Another file made it")
    assert "    greylag resolve 00002 --mark-applied\n" in told
    assert "nickname of users" in hint(
        "42701", 'column "nickname" of relation "users" already exists', failing="x;"
    )
    again = hint("42P07", 'relation "users" already exists', failing="x;", transactional=False)
    assert "an earlier try of this file" in again
    assert hint("42710", "es gibt ihn schon", failing="x;") == ""


def test_the_nearest_name(hint: Callable[..., str]) -> None:
    says = 'relation "usrs" does not exist'
    assert "Did you mean users?" in hint("42P01", says, failing="DROP TABLE usrs;", nearby=Shop())
    assert hint("42P01", says, failing="DROP TABLE usrs;").startswith("There is no such table")
    says = 'column "{}" of relation "{}" does not exist'
    assert "Did you mean nickname?" in hint("42703", says.format("nick_name", "users"), nearby=Shop())
    assert "it has id, nickname" in hint("42703", says.format("xyz", "users"), nearby=Shop())
    assert hint("42703", says.format("xyz", "orders"), nearby=Shop()).startswith("There is no such column")


def test_the_nearest_column_of_the_one_table_a_statement_is_about(hint: Callable[..., str]) -> None:
    says = 'column "nick_name" does not exist'
    for failing in (
        "CREATE INDEX CONCURRENTLY users_nick ON users (nick_name);",
        "CREATE UNIQUE INDEX ON ONLY users\n  (lower(nick_name));",
        "ALTER TABLE IF EXISTS users ADD CHECK (nick_name <> '');",
    ):
        told = hint("42703", says, failing=failing, nearby=Shop())
        assert told.startswith("users has no column nick_name. Did you mean nickname?\n")
    for failing in ("UPDATE users SET a = nick_name;", "SELECT nick_name FROM users, orders;"):
        assert hint("42703", says, failing=failing, nearby=Shop()).startswith("There is no such column")


def test_what_comes_later(hint: Callable[..., str], tmp_path: Path) -> None:
    says = 'relation "app.users" does not exist'
    up = "ALTER TABLE app.users ADD a int;\nCREATE TABLE app.users (id int);"
    assert hint("42P01", says, up=up, failing=up.partition("\n")[0]).startswith("line 3 makes app.users")
    (tmp_path / "00010_users.sql").write_text("-- +goose Up\ncreate table if not exists app.users (\n")
    (tmp_path / "00001_old.sql").write_text("-- +goose Up\nCREATE TABLE app.users (\n")
    told = hint("42P01", says, failing="ALTER TABLE app.users ADD a int;", nearby=Shop())
    assert told.startswith("00010_users.sql makes app.users, and that comes later")
