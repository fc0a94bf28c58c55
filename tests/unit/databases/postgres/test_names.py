from __future__ import annotations

import psycopg

from greylag.databases.postgres.session import PostgresSession


def test_names_are_as_sql_writes_them(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "CREATE SCHEMA greylag; CREATE TABLE greylag.journal (a int); CREATE SCHEMA app;"
            "CREATE TABLE app.a (x int, y int); ALTER TABLE app.a DROP COLUMN x; CREATE TABLE b ()"
        )
    session = PostgresSession(database, "goose_db_version")
    assert session.names("") == ["app.a", "b"]
    assert session.names("app.a") == ["y"]
    assert session.names("it's \\ no.table") == []
    session.close()
