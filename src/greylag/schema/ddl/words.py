"""Names, literals and privileges as SQL has them."""

from __future__ import annotations

from greylag.sql.names import write_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from greylag.model.catalog.parts import Column, Grants, Name, Options

_HOME = "public"


def name_of(value: Name) -> str:
    """A name; what lies in ``public`` stands alone, as one writes it."""
    return write_name(value.name) if value.schema in ("", _HOME) else write_name(value.schema, value.name)


def literal(text: str) -> str:
    """A string constant."""
    quoted = text.replace("'", "''")
    return f"E'{quoted.replace(chr(92), chr(92) * 2)}'" if "\\" in text else f"'{quoted}'"


def listed(names: Iterable[str]) -> str:
    """Names with commas between them."""
    return ", ".join(write_name(name) for name in names)


def option_list(options: Options) -> str:
    """Storage parameters as WITH takes them."""
    return ", ".join(f"{key}={literal(value)}" for key, value in options)


def comment_on(kind: str, name: str, text: str) -> Iterator[str]:
    """COMMENT ON, where there is a comment."""
    if text:
        yield f"COMMENT ON {kind} {name} IS {literal(text)};"


def grants_on(kind: str, name: str, grants: Grants, owner: str) -> Iterator[str]:
    """GRANT and REVOKE that lead from the engine's own privileges to ``grants``; None: nothing to do.

    The owner is named only where it has lost some of its own, so that the script is anybody's.
    """
    if grants is None:
        return
    owners, everybody = _OWN[kind]
    usual = {owner: owners, "": everybody} if owner else {"": everybody}
    held = {grant.grantee: frozenset(grant.privileges) for grant in grants}
    kept = {grantee: own for grantee, own in usual.items() if own <= held.get(grantee, _NOTHING)}
    for grantee, own in usual.items():
        if own and grantee not in kept:
            yield f"REVOKE ALL ON {kind} {name} FROM {role(grantee)};"
    for grant in grants:
        own = kept.get(grant.grantee, _NOTHING)
        more = [word for word in grant.privileges if word not in own or word in grant.grantable]
        yield from _granted(kind, name, grant.grantee, more, grant.grantable, "")


_TABLE = frozenset({"DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"})
_NOTHING: frozenset[str] = frozenset()
_EXECUTE, _USAGE = frozenset({"EXECUTE"}), frozenset({"USAGE"})
_OWN = {
    "TABLE": (_TABLE, _NOTHING),
    "SEQUENCE": (frozenset({"SELECT", "UPDATE", "USAGE"}), _NOTHING),
    "SCHEMA": (frozenset({"CREATE", "USAGE"}), _NOTHING),
    "FUNCTION": (_EXECUTE, _EXECUTE),
    "PROCEDURE": (_EXECUTE, _EXECUTE),
    "TYPE": (_USAGE, _USAGE),
    "DOMAIN": (_USAGE, _USAGE),
}
"""What an owner and PUBLIC have of an object nobody granted anything on (GRANT's page, "Notes")."""


def column_grants(table: str, column: Column) -> Iterator[str]:
    """Privileges on a column alone."""
    for grant in column.grants or ():
        part = f" ({write_name(column.name)})"
        yield from _granted("TABLE", table, grant.grantee, grant.privileges, grant.grantable, part)


def role(name: str) -> str:
    """A role, where none is named PUBLIC."""
    return write_name(name) if name else "PUBLIC"


def _granted(
    kind: str, name: str, grantee: str, privileges: Iterable[str], grantable: Iterable[str], part: str
) -> Iterator[str]:
    passed_on = set(grantable)
    plain = [f"{word}{part}" for word in privileges if word not in passed_on]
    free = [f"{word}{part}" for word in privileges if word in passed_on]
    if plain:
        yield f"GRANT {', '.join(plain)} ON {kind} {name} TO {role(grantee)};"
    if free:
        yield f"GRANT {', '.join(free)} ON {kind} {name} TO {role(grantee)} WITH GRANT OPTION;"
