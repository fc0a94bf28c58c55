from __future__ import annotations

import psycopg

from greylag.operations.connect import connect
from greylag.operations.troubles.nearby import Nearby


def test_a_database_is_asked(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            'CREATE SCHEMA app; CREATE TABLE users (id int, "Name" text); CREATE VIEW app.v AS SELECT 1'
        )
    session = connect("postgres", database, "goose_db_version")
    try:
        nearby = Nearby(session)
        assert nearby.role() == "postgres"
        assert nearby.tables() == ["app.v", "users"]
        assert nearby.columns("users") == ["id", "Name"]
        assert nearby.columns("nothing") == []
    finally:
        session.close()


def test_without_an_answer_there_are_no_names() -> None:
    gone = connect("postgres", "postgres://postgres@127.0.0.1:1/x?sslmode=disable", "goose_db_version")
    for nearby in (Nearby(), Nearby(gone), Nearby(connect("sqlite3", ":memory:", "goose_db_version"))):
        assert list(nearby.tables()) == list(nearby.columns("a")) == []
    assert Nearby(gone).role() == ""
