"""What a careful run does not do although goose would, and why."""

from __future__ import annotations

from greylag.databases.postgres.careful.rows import STRANGER
from greylag.errors import DatabaseError, PoolerError, RefusedError
from greylag.model.location import Location
from greylag.model.refusals import COPIED, own_control

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.migration import Script, Statement


def refusal(script: Script, statement: Statement, control: str) -> RefusedError:
    """Why a statement is not run: transaction control, or COPY FROM STDIN."""
    line, column = statement.place(0)
    refused = own_control(control) if control else COPIED
    return RefusedError(
        f"{script.migration.name} holds {refused.what}",
        where=Location(script.migration.path, line, column),
        hint=refused.hint,
    )


def pooler_error() -> PoolerError:
    """The error of a run whose transactions land on another server process than its lock."""
    return PoolerError(
        "a transaction pooler stands between greylag and the server: the lock and the settings of this run "
        "are on another server process; nothing was written without them",
        driver_text=STRANGER,
        hint="connect to the server itself, or to a pool with pool_mode = session, for migrations",
    )


def closed_error(journal: str, role: str) -> DatabaseError:
    """The error of a role that may not write the journal which another role made."""
    schema = journal.partition(".")[0]
    return DatabaseError(
        f"role {role} may not write the journal {journal}, which another role made",
        driver_text="",
        sqlstate="42501",
        hint=f"as the owner of it: GRANT USAGE ON SCHEMA {schema} TO {role}; "
        f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {schema} TO {role};",
    )
