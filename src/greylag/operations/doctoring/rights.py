"""Checks of what the role may do: the run's statements fail late where it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.operations.doctoring.finding import bad, good, identifier, note, several, warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.operations.doctoring.finding import Finding, Subject

_SHOWN = 5


def role(subject: Subject) -> Iterator[Finding]:
    """A role of its own, not the superuser, away from this machine."""
    login = subject.facts["login"]
    if login["superuser"] and not subject.is_local:
        yield warn(
            f"{login['role']} is a superuser: a slip in a migration knows no bounds",
            "let a role of its own own the database, and log in as that",
        )
    else:
        yield good(f"{login['role']}{', a superuser' if login['superuser'] else ''}")


def create(subject: Subject) -> Iterator[Finding]:
    """CREATE on the database and on the schema that migrations write to."""
    rights, table, login = subject.facts["rights"], subject.facts["table"], subject.facts["login"]
    name, database = identifier(login["role"]), identifier(subject.examination.server.database)
    schema = table["schema"]
    clean = True
    if schema is None:
        clean = False
        yield bad(
            "no schema of search_path is there: tables cannot be made",
            "CREATE SCHEMA public;",
            "or correct search_path",
        )
    elif schema not in (rights["schemas"] or {}):
        clean = False
        yield bad(f"there is no schema {schema}", f"CREATE SCHEMA {identifier(schema)};")
    elif not rights["schemas"][schema]:
        clean = False
        yield bad(
            f"{login['role']} may not create in the schema {schema}",
            f"GRANT CREATE ON SCHEMA {identifier(schema)} TO {name};",
        )
    if not rights["database"]:
        clean = False
        yield note(
            f"{login['role']} may not make schemas: the journal stands beside the version table",
            f"GRANT CREATE ON DATABASE {database} TO {name};",
        )
    if clean:
        yield good(f"{login['role']} may create in the schema {schema}, and schemas")


def history_rights(subject: Subject) -> Iterator[Finding]:
    """Reading and writing the version table."""
    table, login = subject.facts["table"], subject.facts["login"]
    if not table["there"]:
        return
    missing = [right.upper() for right in ("select", "insert", "delete") if not table[right]]
    if missing:
        yield bad(
            f"{login['role']} lacks {', '.join(missing)} on {subject.table}, which {table['owner']} owns",
            f"GRANT {', '.join(missing)} ON {subject.table} TO {identifier(login['role'])};",
        )
    else:
        yield good(f"{subject.table} can be read and written")


def owners(subject: Subject) -> Iterator[Finding]:
    """Tables that migrations alter belong to the role, or to one it is a member of."""
    schema, login = subject.facts["table"]["schema"], subject.facts["login"]
    found = [each for each in subject.facts["strangers"] if each["schema"] == schema]
    if not found:
        yield good(f"{login['role']} may alter all tables of the schema {schema}")
        return
    names = ", ".join(each["name"] for each in found[:_SHOWN])
    rest = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    owned = sorted({each["owner"] for each in found})
    yield warn(
        f"{several(len(found), 'table')} of the schema {schema} belong to {', '.join(owned)}, and only "
        f"owners alter tables: {names}{rest}",
        *(f"GRANT {identifier(owner)} TO {identifier(login['role'])};" for owner in owned),
    )
