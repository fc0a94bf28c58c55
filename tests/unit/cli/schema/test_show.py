from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here

UP = """
CREATE TYPE state AS ENUM ('on', 'off');
CREATE TABLE users (id text PRIMARY KEY, state state NOT NULL DEFAULT 'on', n int GENERATED ALWAYS AS IDENTITY);
COMMENT ON TABLE users IS 'One row per account';
CREATE INDEX users_state_idx ON users (state);
CREATE TABLE posts (id int, author text REFERENCES users, twice int GENERATED ALWAYS AS (2 * id) STORED);
CREATE VIEW authors AS SELECT author FROM posts;
"""


@pytest.fixture
def shown(there: Here) -> Here:
    there.write(1, UP)
    assert there.greylag("up").code == 0
    return there


def test_an_overview_of_tables_views_and_types(shown: Here) -> None:
    answer = shown.greylag("schema", "show")
    assert answer.code == 0
    assert [line.split() for line in answer.lines[1:]] == [
        ["name", "kind", "columns", "key", "comment"],
        ["authors", "view", "1"],
        ["posts", "table", "3"],
        ["users", "table", "3", "id", "One", "row", "per", "account"],
        ["enum:", "state"],
    ]


def test_everything_about_a_table(shown: Here) -> None:
    text = shown.greylag("schema", "show", "--dir", "migrations", "users").out
    for line in (
        "table users  One row per account",
        "identity, always",
        "constraints:",
        "users_pkey PRIMARY KEY (id)",
        "CREATE INDEX users_state_idx ON public.users USING btree (state)",
        "referenced by:",
        "posts: posts_author_fkey FOREIGN KEY (author) REFERENCES users(id)",
    ):
        assert line in text


def test_globs_and_views(shown: Here) -> None:
    text = shown.greylag("schema", "show", "--dir", "migrations", "*s").out
    assert "view authors" in text and "table posts" in text and "stored: (2 * id)" in text
    assert "definition:" in text


def test_a_mistyped_table_is_answered_with_the_nearest(shown: Here) -> None:
    answer = shown.greylag("schema", "show", "--dir", "migrations", "user")
    assert answer.code == 2
    assert "there is no table 'user'" in answer.err and "did you mean users?" in answer.err


def test_json_is_the_canonical_catalog(shown: Here) -> None:
    facts = shown.greylag("schema", "show", "--json").json()
    assert facts["engine"] == "postgres"
    assert [each["name"] for each in facts["tables"]] == ["posts", "users"]


def test_an_empty_database_says_what_makes_tables(there: Here) -> None:
    assert there.greylag("schema", "show").lines[1:] == ["  no tables: greylag up makes them"]
