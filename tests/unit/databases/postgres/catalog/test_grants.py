"""Access privileges, as PostgreSQL writes them, to what is in effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.catalog.grants import grants_of
from greylag.model.catalog.parts import Grant

if TYPE_CHECKING:
    from greylag.model.catalog.parts import Grants
    from tests.unit.databases.postgres.catalog.conftest import Place


@pytest.mark.parametrize(
    ("acl", "default", "found"),
    [
        ("", "{me=r/me}", None),
        ("{me=r/me}", "{me=r/me}", None),
        ("{me=r/other}", "{me=r/me}", None),
        ("{}", "{me=r/me}", ()),
        ("{me=/me}", "{me=r/me}", ()),
        ("{=r/me}", "{}", (Grant("", ("SELECT",)),)),
        ("{me=wr*/me}", "{}", (Grant("me", ("SELECT", "UPDATE"), ("SELECT",)),)),
        (
            "{me=r/me,me=w*/other,a=X/me}",
            "{}",
            (Grant("a", ("EXECUTE",)), Grant("me", ("SELECT", "UPDATE"), ("UPDATE",))),
        ),
        ('{"\\"odd =/ role\\"=r/\\"x\\""}', "{}", (Grant("odd =/ role", ("SELECT",)),)),
        ('{"\\"quo\\"\\"ted\\"=r/me"}', "{}", (Grant('quo"ted', ("SELECT",)),)),
        ("{me=rawdDxtmXUCTcsA/me}", "{me=r/me}", (Grant("me", tuple(sorted(
            ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN", "EXECUTE",
             "USAGE", "CREATE", "TEMPORARY", "CONNECT", "SET", "ALTER SYSTEM"]))),)),
    ],
)  # fmt: skip
def test_what_is_in_effect(acl: str, default: str, found: Grants) -> None:
    assert grants_of(acl, default) == found


def test_roles_with_odd_names(place: Place) -> None:
    place.run(
        'DROP ROLE IF EXISTS "cat ""alog"" =/,{}\'"; CREATE ROLE "cat ""alog"" =/,{}\'"; CREATE TABLE t (a int)'
    )
    place.run('GRANT SELECT ON t TO "cat ""alog"" =/,{}\'"')
    (table,) = place.look().tables
    place.run('DROP TABLE t; DROP ROLE "cat ""alog"" =/,{}\'"')
    assert table.grants is not None
    assert table.grants[0] == Grant('cat "alog" =/,{}\'', ("SELECT",))
