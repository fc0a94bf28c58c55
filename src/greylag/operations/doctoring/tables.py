"""Checks of ClickHouse's tables: one schema on every host of the cluster, rows kept as configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.errors import DatabaseError
from greylag.operations.doctoring.finding import bad, good, note, several, warn
from greylag.operations.hosts import compare_hosts, told_change
from greylag.operations.retention import cluster_of, examine_retention, why_unjudged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from greylag.databases.base import Session
    from greylag.environments.resolution import Resolution
    from greylag.model.examination import Examination
    from greylag.model.target import Target
    from greylag.operations.doctoring.finding import Finding, Subject

_SHOWN = 20
"""Differences of one host that are told one by one."""


def with_tables(
    examination: Examination, session: Session, target: Target, resolution: Resolution
) -> Examination:
    """The examination with what was seen of tables, for a target that has a cluster or a retention."""
    if not isinstance(session, ClickhouseSession):
        return examination
    facts: dict[str, Any] = dict(examination.facts)
    unseen = dict(examination.unseen)
    try:
        cluster = cluster_of(target, resolution)
        if cluster and session.settings.protocol != "embedded":  # one engine is in no cluster
            found = compare_hosts(session, cluster)
            facts["hosts"] = {
                "cluster": cluster, "answered": found.answered, "silent": list(found.silent),
                "differences": {
                    host: [told_change(change, host, found.here) for change in changes]
                    for host, changes in found.changes.items()
                },
            }  # fmt: skip
    except DatabaseError as error:
        unseen["hosts"] = error.message
    try:
        if not why_unjudged(target, resolution):
            keeping = examine_retention(session, target, resolution, counting=False)
            facts["retention"] = {
                "tables": len(keeping.verdicts),
                "problems": [
                    [verdict.name, problem.kind, problem.text, verdict.fix.statement if verdict.fix else ""]
                    for verdict in keeping.verdicts
                    for problem in verdict.problems
                ],
            }
    except DatabaseError as error:
        unseen["retention"] = error.message
    return examination._replace(facts=facts, unseen=unseen)


def hosts(subject: Subject) -> Iterator[Finding]:
    """Every host of the cluster answers, and has the schema of the others."""
    found = subject.facts["hosts"]
    name = found["cluster"]
    if not found["answered"]:
        yield bad(
            f"the server knows no cluster {name}",
            "correct cluster in greylag.toml, or the server's configuration",
        )
        return
    for silent in found["silent"]:
        yield warn(f"{silent} of {name} does not answer", "bring it back; ON CLUSTER statements wait for it")
    for host, differences in found["differences"].items():
        for text in differences[:_SHOWN]:
            yield bad(text, f"run the missing statement on {host}, or the whole migration ON CLUSTER again")
        if len(differences) > _SHOWN:
            yield bad(f"{host} differs in {several(len(differences) - _SHOWN, 'more place')}")
    if not found["differences"]:
        yield good(f"{several(found['answered'], 'host')} of {name} with one schema")


def retention(subject: Subject) -> Iterator[Finding]:
    """Rows are kept as long as the config says. ``greylag retention`` also counts them."""
    found = subject.facts["retention"]
    for table, kind, text, fix in found["problems"]:
        level = warn if kind == "overdue" else bad
        yield level(f"{table}: {text}", *([f"{fix};"] if fix else []))
    if found["problems"]:
        yield note("how many rows that deletes", f"greylag retention {subject.target.name}")
    else:
        yield good(f"the TTL of {several(found['tables'], 'table')} is as configured")
