"""What Prisma meets beside a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres.session import PostgresSession
from greylag.errors import DatabaseError
from greylag.model.catalog.parts import Name
from greylag.model.catalog.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Sequence


def sight(url: str, ddl: str, schemas: Sequence[str] = ("public",)) -> Sight:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(ddl)  # type: ignore[call-overload]
    session = PostgresSession(url, "")
    try:
        return session.sight(schemas)
    finally:
        session.close()


def test_an_ordinary_database_has_nothing_beside_its_schema(database: str) -> None:
    ddl = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p)"
    assert sight(database, ddl) == Sight()


def test_parents_are_remembered_when_their_children_are_gone(database: str) -> None:
    ddl = """CREATE TABLE p (id int); CREATE TABLE c () INHERITS (p); DROP TABLE c;
             CREATE TABLE q (id int) PARTITION BY LIST (id); CREATE TABLE q1 PARTITION OF q DEFAULT;
             CREATE SCHEMA o; CREATE TABLE o.r (id int); CREATE TABLE o.s () INHERITS (o.r)"""
    assert sight(database, ddl).parents == {Name("public", "p"), Name("public", "q")}


def test_keys_towards_partitions_with_partitions(database: str) -> None:
    found = sight(
        database,
        """CREATE TABLE p (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
           CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY HASH (id);
           CREATE TABLE p10 PARTITION OF p1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
           CREATE TABLE "the c" (a int, "b b" int, CONSTRAINT fk FOREIGN KEY (a, "b b") REFERENCES p
             ON DELETE CASCADE DEFERRABLE)""",
    )
    ((table, key),) = found.clones
    assert table == Name("public", "the c") and key.columns == ("a", "b b") and key.deferrable and not key.own
    assert key.references is not None and key.references.table == Name("public", "p1")
    assert (key.references.columns, key.references.on_delete) == (("id", "k"), "cascade")


def test_columns_without_a_right_to_them(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader_of_little")
        connection.execute("CREATE ROLE reader_of_little LOGIN")
        connection.execute("CREATE TABLE closed (a int, b int)")
        connection.execute("CREATE TABLE half (id int, secret int)")
        connection.execute("CREATE TABLE open (id int)")
        connection.execute("GRANT SELECT (id) ON half TO reader_of_little")
        connection.execute("GRANT INSERT ON open TO reader_of_little")
        try:
            found = sight(database.replace("postgres@", "reader_of_little@"), "SELECT 1")
        finally:
            connection.execute("DROP OWNED BY reader_of_little")
            connection.execute("DROP ROLE reader_of_little")
    assert dict(found.unseen) == {
        Name("public", "closed"): ("a", "b"),
        Name("public", "half"): ("secret",),
    }


def test_views_come_in_the_order_they_were_made(database: str) -> None:
    ddl = "CREATE VIEW z AS SELECT 1 x; CREATE VIEW a AS SELECT 1 x; CREATE MATERIALIZED VIEW m AS SELECT 1 x"
    assert sight(database, ddl).views == (Name("public", "z"), Name("public", "a"))


def test_names_of_schemas_are_quoted_and_none_is_nothing(database: str) -> None:
    odd = "o'd\\d"
    ddl = f'CREATE SCHEMA "{odd}"; CREATE VIEW "{odd}".v AS SELECT 1 x'
    assert sight(database, ddl, [odd]).views == (Name(odd, "v"),)
    assert sight(database, "SELECT 1", []) == Sight()


def test_an_error_leaves_the_session_usable(database: str) -> None:
    session = PostgresSession(database, "")
    try:
        with pytest.raises(DatabaseError):
            session.sight(["\x00"])
        assert session.sight(["public"]) == Sight()
    finally:
        session.close()
