"""Checks for what killed runs and killed statements leave behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greylag.model.care import WAYS_OUT
from greylag.operations.doctoring.finding import bad, good, note, span, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greylag.operations.doctoring.finding import Finding, Subject

_IDLE_SECONDS = 60
"""A transaction of ours that nobody has touched for so long belongs to a run that is gone."""


def lock(subject: Subject) -> Iterator[Finding]:
    """Who holds the lock of runners."""
    holders = subject.facts["lock"]
    if not holders:
        yield good("nobody holds it")
    for holder in holders:
        text = f"{_process(holder)} holds it, connected for {span(holder['seconds'])}"
        if holder["state"] == "active" or (holder["idle_seconds"] or 0) < _IDLE_SECONDS:
            yield note(f"{text}: a run is under way", "wait for it")
        else:
            yield warn(
                f"{text}, idle for {span(holder['idle_seconds'])}",
                f"if that run is dead: SELECT pg_terminate_backend({holder['pid']});",
            )


def processes(subject: Subject) -> Iterator[Finding]:
    """Server processes of greylag's runs that stand in an open transaction, and those still at work."""
    found = subject.facts["processes"]
    for each in found:
        state, end = each["state"] or "", f"SELECT pg_terminate_backend({each['pid']});"
        if state.startswith("idle in transaction") and each["seconds"] >= _IDLE_SECONDS:
            yield bad(
                f"{_process(each)} stands in an open transaction for {span(each['seconds'])}: its locks "
                "hold, and others wait behind them",
                f"if that run is dead: {end}",
            )
        elif state == "idle" and each["seconds"] >= _IDLE_SECONDS:
            yield warn(f"{_process(each)} has done nothing for {span(each['seconds'])}", f"to end it: {end}")
        else:
            words = _STATES.get(state, state or "in a state that cannot be seen")
            yield note(f"{_process(each)} is {words} for {span(each['seconds'])}", f"to end it: {end}")
    if not found:
        yield good("no other server process of greylag is here")
        if not subject.facts["login"]["sees_all"]:
            yield note(
                f"server processes of other roles cannot be seen as {subject.facts['login']['role']}",
                f"GRANT pg_read_all_stats TO {subject.facts['login']['role']};",
            )


_STATES = {"active": "at work", "idle in transaction": "in an open transaction"}


def _process(each: Mapping[str, Any]) -> str:
    who = each["role"] or "a role that cannot be seen"
    what = f" ({each['application']})" if each["application"] else ""
    place = f" from {each['client']}" if each["client"] else ""
    return f"process {each['pid']} of {who}{place}{what}"


def indexes(subject: Subject) -> Iterator[Finding]:
    """Indexes that cost writes and serve no query."""
    found = [each for each in subject.facts["indexes"] if not each["building"]]
    for each in found:
        name, on = each["name"], f"on {each['table']}"
        drop = f"DROP INDEX CONCURRENTLY {name};"
        if each["leftover"]:
            state = "a" if each["valid"] else "an invalid"
            yield warn(f"{name} {on} is {state} leftover of REINDEX CONCURRENTLY", drop)
        elif each["partitioned"]:
            yield warn(
                f"{name} {on} is invalid: partitions without an index of theirs attached",
                f"build it on every partition, then ALTER INDEX {name} ATTACH PARTITION …;",
            )
        elif each["constraint"]:
            yield bad(f"{name} {on}, of a constraint, is invalid", f"REINDEX INDEX CONCURRENTLY {name};")
        else:
            yield bad(
                f"{name} {on} is invalid: its build was broken off",
                f"{drop}  -- greylag up builds it again where its file is pending",
                f"REINDEX INDEX CONCURRENTLY {name};  -- where its file is applied",
            )
    if not found:
        yield good("all are valid")


def constraints(subject: Subject) -> Iterator[Finding]:
    """Constraints that bind new rows and were never proven for old ones."""
    found = subject.facts["constraints"]
    for each in found:
        yield warn(
            f"{each['name']} on {each['table']} is NOT VALID: rows that were there before are not checked",
            f"ALTER TABLE {each['table']} VALIDATE CONSTRAINT {each['name']};",
        )
    if not found:
        yield good("all are validated")


def prepared(subject: Subject) -> Iterator[Finding]:
    """Prepared transactions, which hold locks and no process."""
    found = subject.facts["prepared"]
    for each in found:
        gid = each["gid"].replace("'", "''")
        yield warn(
            f"{each['gid']} of {each['owner']} is prepared for {span(each['seconds'])} and holds its locks",
            f"ROLLBACK PREPARED '{gid}';",
            f"or COMMIT PREPARED '{gid}';",
        )
    if not found:
        yield good("none")


def unfinished(subject: Subject) -> Iterator[Finding]:
    """Files outside transactions that were broken off, as the journal has them."""
    for each in subject.unfinished or ():
        done = sum(1 for attempt in each.attempts if attempt.state == "done")
        yield bad(
            f"{each.file} was broken off after {done} of its statements, run by {each.who} on {each.host}",
            f"greylag {each.direction} goes on with it where it is unedited",
            f"else: greylag resolve {each.version} --resume | --from-start | {WAYS_OUT[each.direction][0]}",
        )
    if subject.unread:
        yield warn(f"the journal cannot be read: {subject.unread}")
    elif subject.unfinished is not None and not subject.unfinished:
        yield good("no file was broken off")
