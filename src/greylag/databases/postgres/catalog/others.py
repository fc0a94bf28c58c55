"""Objects that only comparison and dump know."""

from __future__ import annotations

from greylag.databases.postgres.catalog.grants import grants_of
from greylag.model.catalog.objects import Other

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from greylag.databases.postgres.catalog.answers import Answers
    from greylag.model.catalog.parts import Grant, Grants

_DEFAULTS_ON = {
    "r": "TABLES", "S": "SEQUENCES", "f": "FUNCTIONS", "T": "TYPES", "n": "SCHEMAS", "L": "LARGE OBJECTS",
}  # fmt: skip


def others(answers: Answers, kinds: Iterable[str]) -> Iterator[Other]:
    """The objects of ``kinds``, each of which is the name of a query."""
    for kind in kinds:
        for catalog, oid, schema, name, definition, owner, acl, default_acl in answers.rows(kind):
            comment = answers.comments(catalog).get((oid, "0"), "") if catalog else ""
            yield Other(kind, schema, name, definition, owner, comment, grants_of(acl, default_acl))


def default_privileges(answers: Answers) -> Iterator[Other]:
    """What ALTER DEFAULT PRIVILEGES has arranged, per role, schema and kind of object."""
    for schema, role, letter, acl, default_acl in answers.rows("default privileges"):
        grants = grants_of(acl, default_acl or "{}")
        if grants is not None:
            what = _DEFAULTS_ON.get(letter, letter)
            yield Other(
                "default privileges",
                schema,
                f"{role} {what.lower()}",
                "; ".join(_statements(role, schema, what, grants, grants_of(default_acl, "{}"))),
                role,
                "",
                grants,
            )


def _statements(role: str, schema: str, what: str, grants: Grants, default: Grants) -> Iterator[str]:
    before = f"ALTER DEFAULT PRIVILEGES FOR ROLE {_quoted(role)}"
    before += f" IN SCHEMA {_quoted(schema)}" if schema else ""
    held = {grant.grantee: grant for grant in grants or ()}
    usual = {grant.grantee: grant for grant in default or ()}
    for grantee in sorted(held.keys() | usual.keys()):
        now, then = held.get(grantee), usual.get(grantee)
        if now == then:
            continue
        who = _quoted(grantee) if grantee else "PUBLIC"
        if then is not None:
            yield f"{before} REVOKE ALL ON {what} FROM {who}"
        if now is not None:
            yield from _given(before, what, who, now)


def _given(before: str, what: str, who: str, grant: Grant) -> Iterator[str]:
    plain = [word for word in grant.privileges if word not in grant.grantable]
    if plain:
        yield f"{before} GRANT {', '.join(plain)} ON {what} TO {who}"
    if grant.grantable:
        yield f"{before} GRANT {', '.join(grant.grantable)} ON {what} TO {who} WITH GRANT OPTION"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
