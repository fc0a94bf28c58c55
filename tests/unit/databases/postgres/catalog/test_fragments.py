"""Pieces of SQL, as the server understands them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.catalog.fragments import (
    flag,
    foreign_options,
    function_name,
    grants,
    made_by_another,
    member,
    object_name,
    parts,
    unless_secret,
)

if TYPE_CHECKING:
    from tests.unit.databases.postgres.catalog.conftest import Place


def ask(place: Place, expression: str) -> list[str | None]:
    query = f"SELECT {expression}".encode()
    rows = place.session.ask(lambda channel: channel.fetch(query, binary=False).rows)
    return [None if value is None else value.decode() for value in rows[0]]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (parts(("A", "'x'"), ("B", "NULL::text"), ("C", "SELECT '1'::text")), ["A = x, C = 1"]),
        (flag("yes", "true"), ["yes"]),
        (flag("yes", "NULL"), [""]),
        (function_name("'now'::regproc::oid"), ["pg_catalog.now"]),
        (function_name("0::oid"), [None]),
        (object_name("pg_operator", "opr", "'=(int,int)'::regoperator::oid"), ["pg_catalog.="]),
        (object_name("pg_collation", "coll", "100::oid"), ['pg_catalog."default"']),
        (grants("x", "r", "10::oid") + " FROM (SELECT NULL::aclitem[] AS x) y", [None, None]),
        (foreign_options("NULL::text[]"), [None]),
        (
            foreign_options("'{a=b,\"My Password=hunter2\"}'::text[]"),
            [" OPTIONS (\"My Password\" '********', a 'b')"],
        ),
        (unless_secret("'API_Token'::text", "'hunter2'"), ["********"]),
        (unless_secret("'pass_through'::text", "'x'"), ["x"]),
    ],
)
def test_fragments(place: Place, expression: str, found: list[str | None]) -> None:
    assert ask(place, expression) == found


def test_members(place: Place) -> None:
    place.run("CREATE TYPE span AS RANGE (SUBTYPE = int); CREATE EXTENSION vector")
    for join, kept in ((member("pg_proc", "p.oid"), True), (made_by_another("pg_proc", "p.oid"), False)):
        query = (
            "count(*) FILTER (WHERE p.proname = 'span') > 0, count(*) FILTER (WHERE p.proname ~ 'hnsw') FROM"
        )
        assert ask(place, f"{query} pg_proc p {join} WHERE m.objid IS NULL") == ["t" if kept else "f", "0"]
