from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.operations.schema_show import chosen, facts, read_schema, referrers

if TYPE_CHECKING:
    from tests.unit.operations.conftest import CarefulGround


def test_the_schema_of_a_target_without_the_tools_own_tables(own: CarefulGround) -> None:
    own.write(
        1,
        "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE posts (id int, author int REFERENCES users);",
    )
    own.write(2, "CREATE VIEW authors AS SELECT author FROM posts;")
    own.up()
    catalog = read_schema(own.session, "goose_db_version")
    assert [each.name for each in catalog.tables] == ["posts", "users"]
    assert facts(catalog)["engine"] == "postgres"
    found, lost = chosen(catalog, ["auth*", "public.users", "nothing"])
    assert ([each.name for each in found], lost) == (["authors", "users"], ["nothing"])
    ((other, key),) = referrers(catalog, catalog.tables[1])
    assert (other.name, key.partition(" ")[0]) == ("posts", "posts_author_fkey")
