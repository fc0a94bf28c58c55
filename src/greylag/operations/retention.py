"""``greylag retention``: the TTL of every table of a ClickHouse target against the configured time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.databases.clickhouse.ages import Age, count_due, reach_of, read_ages
from greylag.databases.clickhouse.catalog.tables import read_storage
from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.errors import DatabaseError, TargetError
from greylag.model.catalog.tables import Table
from greylag.model.workspace import LOCAL, Retention
from greylag.operations.catalogs import without_bookkeeping
from greylag.operations.retaining.fixing import materialize
from greylag.operations.retaining.judging import GRACE_SECONDS, Problem, Verdict, judge
from greylag.operations.retaining.kinds import has_ttl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from greylag.databases.base import Session
    from greylag.environments.resolution import Resolution
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.server import Server
    from greylag.model.target import Target
    from greylag.model.workspace import Database

NOTHING = Retention(None, None)
_HIDDEN = "a view that keeps its rows in a hidden table: give it a table with TO, which can have a TTL"


class Keeping(NamedTuple):
    """How the tables of a target meet what is configured for it."""

    server: Server
    retention: Retention
    cluster: str
    verdicts: Sequence[Verdict]

    @property
    def is_bad(self) -> bool:
        """Whether any table has a problem."""
        return any(verdict.problems for verdict in self.verdicts)


def database_of(target: Target, resolution: Resolution) -> Database | None:
    """What the config says of a target's database; None for a folder outside every workspace."""
    if resolution.workspace is None or target.service not in resolution.workspace.services:
        return None
    return resolution.workspace.services[target.service].databases.get(target.key)


def cluster_of(target: Target, resolution: Resolution) -> str:
    """The cluster that a target's tables are on, as the config names it; what is local is one engine."""
    database = database_of(target, resolution)
    return database.cluster if database and target.environment != LOCAL else ""


def why_unjudged(target: Target, resolution: Resolution) -> str:
    """Why there is nothing to look at in a target; empty where there is. Nothing is connected to."""
    database = database_of(target, resolution)
    if database is not None and database.engine != "clickhouse":
        return f"{database.engine} has no TTL: only ClickHouse is judged"
    if database is None or database.retention == NOTHING:
        place = f"services.{target.service}.databases.{target.key}" if database else "services.….databases.…"
        return f'no time is configured: retention = "5 years" in [{place}] of greylag.toml says one'
    return ""


def examine_retention(
    session: Session, target: Target, resolution: Resolution, *, counting: bool = True
) -> Keeping:
    """Judge every table; unless ``counting`` is off, count rows that are due and those that fixes delete.

    For a target that why_unjudged() has nothing against. Writes nothing. Raises DatabaseError, and
    TargetError where the connection string leads to another engine than the config says.
    """
    server, database = session.connect(), database_of(target, resolution)
    if database is None or not isinstance(session, ClickhouseSession):
        raise TargetError(f"{target.name} is {server.engine}: only ClickHouse has a TTL to judge")
    cluster = cluster_of(target, resolution)
    verdicts = list(_judge_all(session, database.retention, cluster, counting=counting))
    return Keeping(server, database.retention, cluster, verdicts)


def _judge_all(
    session: ClickhouseSession, retention: Retention, cluster: str, *, counting: bool
) -> Iterator[Verdict]:
    catalog = without_bookkeeping(session.catalog(), session.table.replace("`", ""))
    link = session.link()
    reach = reach_of(link, cluster)
    ages = read_ages(link, reach)
    replicated = {each.name for each in catalog.schemas if each.engine.startswith("Replicated")}
    for table in catalog.tables:
        # a Replicated database spreads statements by itself, and refuses ON CLUSTER
        on = "" if table.schema in replicated else cluster
        verdict = judge(table, retention, _age(table, ages), on)
        if ages is None and verdict.problems:
            old = Problem("no-ttl-server", "this server knows no TTL: 19.6 brought it")
            verdict = verdict._replace(problems=[old], fix=None)
        doubtful = "overdue" in {problem.kind for problem in verdict.problems}
        yield _counted(session, table, verdict, on, reach) if counting or doubtful else verdict
    for table in _hidden_tables(catalog):
        yield judge(table, retention, None, cluster)._replace(fix=None, notes=[_HIDDEN])


def _age(table: Table, ages: dict[tuple[str, str], Age] | None) -> Age | None:
    """A table of the MergeTree family without parts is empty; of others nothing is known."""
    if ages is None:
        return None
    return ages.get((table.schema, table.name)) or (Age() if has_ttl(table) else None)


def _hidden_tables(catalog: Catalog) -> Iterator[Table]:
    """Materialized views without TO keep rows in tables of their own, which only they name."""
    for view in catalog.views:
        storage = read_storage(view.engine)
        if storage.engine:
            yield Table(
                view.schema,
                view.name,
                view.columns,
                comment=view.comment,
                engine=storage.engine,
                ttl=storage.ttl,
            )


def _counted(session: ClickhouseSession, table: Table, verdict: Verdict, cluster: str, reach: str) -> Verdict:
    """The verdict with what only rows can tell; uncounted where that takes too long."""
    link, place = session.link(), (verdict.schema, verdict.name)
    try:
        if verdict.goes and verdict.age is not None and verdict.age.rows:
            due = count_due(link, *place, verdict.goes, reach, since_seconds=GRACE_SECONDS)
            verdict = _with_due(table, verdict, due, cluster)
        if verdict.fix is not None and verdict.fix.due:
            verdict = verdict._replace(deletes=count_due(link, *place, verdict.fix.due, reach))
    except DatabaseError as error:
        return verdict._replace(notes=[*verdict.notes, f"rows were not counted: {error.message}"])
    return verdict


def _with_due(table: Table, verdict: Verdict, due: int, cluster: str) -> Verdict:
    """Parts carry the times of the TTL they were written under: the rows say whether those still hold."""
    told = [problem for problem in verdict.problems if problem.kind == "overdue"]
    if due and not told:
        text = f"{due} rows are older than the TTL, which their parts do not know yet"
        problems = [*verdict.problems, Problem("overdue", text)]
        return verdict._replace(
            state="bad", problems=problems, fix=verdict.fix or materialize(table, cluster)
        )
    if told and not due:
        problems = [problem for problem in verdict.problems if problem.kind != "overdue"]
        note = "parts carry the times of an earlier TTL: the next merges reckon them anew"
        fix = verdict.fix if problems else None
        return verdict._replace(
            state="bad" if problems else "ok", problems=problems, notes=[*verdict.notes, note], fix=fix
        )
    return verdict
