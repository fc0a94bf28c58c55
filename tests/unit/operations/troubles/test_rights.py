from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

import pytest

from greylag.operations.troubles.nearby import Nearby


class Clerk(Nearby):
    def role(self) -> str:
        return "clerk"


@pytest.mark.parametrize(
    ("says", "failing", "line"),
    [
        ("permission denied for schema app", "CREATE TABLE app.a ();", "GRANT USAGE, CREATE ON SCHEMA app TO clerk;"),
        ("permission denied for table users", "UPDATE users SET a = 1;", "GRANT SELECT, UPDATE ON users TO clerk;"),
        ("permission denied for table users", "CREATE TABLE a (b text REFERENCES users);", "GRANT REFERENCES ON users"),
        ("permission denied for table users", "TRUNCATE users;", "GRANT TRUNCATE ON users TO clerk;"),
        ("permission denied for sequence s", "SELECT nextval('s');", "GRANT USAGE, SELECT ON SEQUENCE s TO clerk;"),
        ("must be owner of table users", "DROP TABLE users;", "ALTER TABLE users OWNER TO clerk;"),
        ("must be owner of materialized view m", "DROP MATERIALIZED VIEW m;", "ALTER MATERIALIZED VIEW m OWNER TO clerk;"),
    ],
)  # fmt: skip
def test_the_line_that_allows_it(hint: Callable[..., str], says: str, failing: str, line: str) -> None:
    assert f"    {line}" in hint("42501", says, failing=failing, nearby=Clerk())


def test_what_is_not_certain_has_no_line(hint: Callable[..., str]) -> None:
    for says in ("permission denied to create extension", "must be owner of event trigger e", "nein"):
        assert "    " not in hint("42501", says, failing="SELECT 1;", nearby=Clerk())
    joined = hint("42501", "permission denied for table users", failing="WITH x AS (SELECT 1) SELECT 1;")
    assert "GRANT" not in joined and "its owner can grant" in joined
    assert "TO …;" in hint("42501", "permission denied for schema app")
