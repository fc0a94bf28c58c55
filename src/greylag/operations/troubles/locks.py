"""Waiting for others, and being stopped while one waits."""

from __future__ import annotations

from greylag.operations.troubles.lines import indented
from greylag.operations.troubles.trouble import Scene, Trouble

_WHO = (
    "SELECT pid, usename, application_name, state, now() - xact_start AS since, left(query, 60) "
    "FROM pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY xact_start;"
)


def _held(scene: Scene) -> str:
    what = f" in line {scene.line}" if scene.line else ""
    return indented(
        f"The statement{what} needs a lock that another session holds. Wait until that one is done, or end "
        "it; "
        "this shows the oldest transactions:",
        _WHO,
    )


TROUBLES = (
    Trouble("55P03", _held),
    Trouble(
        "40P01",
        "Two sessions waited for each other, and PostgreSQL ended this one. Trying again usually does it. "
        "Where it "
        "does not, lock the tables in the order the application does, or one table per file",
    ),
    Trouble(
        "57014",
        "statement_timeout ended it. If the statement is meant to take that long, set the time in the file, "
        "before it: SET LOCAL statement_timeout = '15min'; (SET without LOCAL in a NO TRANSACTION file)",
        says="statement timeout",
    ),
    Trouble(
        "57014", "Somebody cancelled the statement: pg_cancel_backend, or a program that watches long queries"
    ),
)
