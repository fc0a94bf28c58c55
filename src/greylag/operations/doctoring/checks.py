"""The table of checks. One more check is one more line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.operations.doctoring import history, leftovers, rights, server, surroundings, tables
from greylag.operations.doctoring.finding import warn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.operations.doctoring.finding import Finding, Subject


class Check(NamedTuple):
    """A check, and the sections of the examination it reads. An engine without them does without it."""

    slug: str
    sections: tuple[str, ...]
    look: Callable[[Subject], Iterator[Finding]]


CHECKS = (
    Check("file", ("file",), surroundings.database_file),
    Check("connection", ("login", "trip"), server.connection),
    Check("server-version", ("login",), server.version),
    Check("time-zone", ("settings",), server.time_zone),
    Check("clock", ("trip",), server.clock),
    Check("pooler", ("pooler",), server.pooler),
    Check("writable", ("settings", "login"), server.standby),
    Check("timeouts", ("settings",), server.timeouts),
    Check("headroom", ("settings", "connections", "login"), server.headroom),
    Check("replication", ("settings", "standbys", "login"), server.replication),
    Check("role", ("login",), rights.role),
    Check("create", ("rights", "table", "login"), rights.create),
    Check("table-rights", ("table", "login"), rights.history_rights),
    Check("owners", ("strangers", "table", "login"), rights.owners),
    Check("version-table", ("rows",), history.table),
    Check("columns", ("table",), history.columns),
    Check("times", ("rows",), history.stamps),
    Check("false-rows", ("rows",), history.false_rows),
    Check("duplicates", ("rows",), history.duplicates),
    Check("first-row", ("rows",), history.first_row),
    Check("orphans", ("rows",), history.orphans),
    Check("sequence", ("rows", "table", "sequence"), history.sequence),
    Check("runner-lock", ("lock",), leftovers.lock),
    Check("processes", ("processes", "login"), leftovers.processes),
    Check("indexes", ("indexes",), leftovers.indexes),
    Check("constraints", ("constraints",), leftovers.constraints),
    Check("prepared", ("prepared",), leftovers.prepared),
    Check("unfinished", ("rows",), leftovers.unfinished),
    Check("hosts", ("hosts",), tables.hosts),
    Check("retention", ("retention",), tables.retention),
    Check("goose", ("login",), surroundings.goose),
)
"""In the order of the report: the way there, the server, the role, the version table, what is left over."""


def judge(subject: Subject) -> Iterator[Finding]:
    """Every check on what was seen; one that needs what could not be seen says so."""
    facts, unseen = subject.examination.facts, subject.examination.unseen
    told: set[str] = set()
    for check in CHECKS:
        hidden = [section for section in check.sections if section in unseen]
        if hidden:
            reasons = "; ".join(dict.fromkeys(unseen[section] for section in hidden))
            if reasons not in told:
                told.add(reasons)
                role = subject.examination.server.role
                yield warn(f"cannot be seen as {role}: {reasons}")._replace(check=check.slug)
        elif all(section in facts for section in check.sections):
            for finding in check.look(subject):
                yield finding._replace(check=check.slug)
