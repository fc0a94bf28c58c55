"""Grants and row policies. The embedded engine has no users: rows are given here as a server's would be."""

from __future__ import annotations

from greylag.databases.clickhouse.catalog.access import read_access
from greylag.model.catalog.parts import Grant


def test_grants_by_place() -> None:
    found = read_access(
        [
            ["ann", "", "SELECT", "d", "t", None, "0", "1"],
            ["ann", "", "INSERT", "d", "t", None, "0", "0"],
            ["", "reader", "SELECT", "d", None, None, "0", "0"],
            ["", "reader", "SELECT", "d", "t", "secret", "1", "0"],
        ],
        [],
    )
    assert found.grants["d", "t", ""] == (Grant("ann", ("INSERT", "SELECT"), ("SELECT",)),)
    assert found.grants["d", "", ""] == (Grant("reader", ("SELECT",)),)
    assert found.grants["d", "t", "secret"] == (Grant("reader", ("REVOKE SELECT",)),)


def test_policies() -> None:
    found = read_access(
        [],
        [
            ["own", "d", "t", "user = 1", "1", "0", "ann\nbob", ""],
            ["all", "d", "t", "1", "0", "1", "", "admin"],
        ],
    )
    everyone, own = found.policies["d", "t"]
    assert (everyone.name, everyone.roles, everyone.permissive) == ("all", ("ALL EXCEPT admin",), True)
    assert (own.roles, own.permissive, own.using) == (("ann", "bob"), False, "user = 1")
