"""Access privileges as PostgreSQL writes them, as what is in effect."""

from __future__ import annotations

from greylag.databases.postgres.catalog.texts import items
from greylag.model.catalog.parts import Grant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.catalog.parts import Grants

_WORDS = {
    "r": "SELECT", "w": "UPDATE", "a": "INSERT", "d": "DELETE", "D": "TRUNCATE", "x": "REFERENCES",
    "t": "TRIGGER", "m": "MAINTAIN", "X": "EXECUTE", "U": "USAGE", "C": "CREATE", "T": "TEMPORARY",
    "c": "CONNECT", "s": "SET", "A": "ALTER SYSTEM",
}  # fmt: skip
"""Letters of an aclitem, https://www.postgresql.org/docs/16/ddl-priv.html"""


def grants_of(acl: str, default: str) -> Grants:
    """The privileges of an ACL, whoever granted them; None where they are the default's."""
    if not acl:
        return None
    found = _effective(acl)
    return None if found == _effective(default) else found


def _effective(acl: str) -> tuple[Grant, ...]:
    held: dict[str, tuple[set[str], set[str]]] = {}
    for item in items(acl):
        grantee, letters = _split(item)
        privileges, grantable = held.setdefault(grantee, (set(), set()))
        for place, letter in enumerate(letters):
            if letter != "*":
                word = _WORDS.get(letter, letter)
                privileges.add(word)
                if letters[place + 1 : place + 2] == "*":
                    grantable.add(word)
    return tuple(
        Grant(grantee, tuple(sorted(privileges)), tuple(sorted(grantable)))
        for grantee, (privileges, grantable) in sorted(held.items())
        if privileges
    )


def _split(item: str) -> tuple[str, str]:
    """Grantee and letters of ``grantee=letters/grantor``; a name with odd letters stands in double quotes."""
    if not item.startswith('"'):
        grantee, _, rest = item.partition("=")
        return grantee, rest.partition("/")[0]
    end = item.replace('""', "__").index('"', 1)
    return item[1:end].replace('""', '"'), item[end + 2 :].partition("/")[0]
