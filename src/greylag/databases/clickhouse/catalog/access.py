"""Grants and row policies, where this user may see them."""

from __future__ import annotations

from greylag.model.catalog.parts import Grant
from greylag.model.catalog.tables import Policy
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.model.catalog.parts import Grants

    Row = Sequence[str | None]


class Access(NamedTuple):
    """``grants`` by database, table and column (empty for all), ``policies`` by database and table."""

    grants: dict[tuple[str, str, str], Grants]
    policies: dict[tuple[str, str], tuple[Policy, ...]]


NOTHING = Access({}, {})


def read_access(grants: Sequence[Row], policies: Sequence[Row]) -> Access:
    """Rows of system.grants and system.row_policies, in the order of catalog.questions."""
    return Access(_grants(grants), _policies(policies))


def _grants(rows: Sequence[Row]) -> dict[tuple[str, str, str], Grants]:
    """What is taken away from a wider grant is a privilege of its own here, ``REVOKE SELECT``."""
    given: dict[tuple[str, str, str], dict[str, tuple[set[str], set[str]]]] = {}
    for user, role, privilege, database, table, column, revoked, option in rows:
        place = (database or "", table or "", column or "")
        of = given.setdefault(place, {}).setdefault(user or role or "", (set(), set()))
        word = f"REVOKE {privilege}" if revoked == "1" else privilege or ""
        of[0].add(word)
        if option == "1" and revoked != "1":
            of[1].add(word)
    return {
        place: tuple(
            Grant(grantee, tuple(sorted(words)), tuple(sorted(passed_on)))
            for grantee, (words, passed_on) in sorted(found.items())
        )
        for place, found in given.items()
    }


def _policies(rows: Sequence[Row]) -> dict[tuple[str, str], tuple[Policy, ...]]:
    found: dict[tuple[str, str], list[Policy]] = {}
    for name, database, table, condition, restrictive, everyone, names, others in rows:
        roles = tuple((names or "").split("\n")) if names else ()
        if everyone == "1" and others:
            roles = tuple(f"ALL EXCEPT {role}" for role in others.split("\n"))
        policy = Policy(name or "", "select", restrictive != "1", roles, condition or "")
        found.setdefault((database or "", table or ""), []).append(policy)
    return {place: tuple(sorted(policies)) for place, policies in found.items()}
