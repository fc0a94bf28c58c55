"""``greylag doctor``: look at a target, judge, and mend what can be mended by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import greylag
from greylag.databases.postgres.careful.lock import LOCK_ID
from greylag.errors import (
    ApplyError,
    ConnectError,
    DatabaseError,
    EmbeddedError,
    FilesError,
    GreylagError,
    SecretError,
)
from greylag.migrations.files import NoFilesError, collect
from greylag.model.migration import Migration, Script, Statement
from greylag.operations.doctoring import surroundings
from greylag.operations.doctoring.checks import judge
from greylag.operations.doctoring.finding import Finding, Subject, bad
from greylag.operations.doctoring.prisma_calls import judge_calls
from greylag.operations.doctoring.tables import with_tables
from greylag.operations.reach import reach
from greylag.operations.troubles.registry import hint_for, page_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from greylag.databases.base import Interrupt, Session
    from greylag.environments.resolution import Resolution
    from greylag.model.care import Unfinished
    from greylag.model.examination import Examination
    from greylag.model.server import Server
    from greylag.model.target import Target


class Report(NamedTuple):
    """What a look at one target found. ``server`` is None where nothing answered."""

    target: Target
    source: str
    server: Server | None
    findings: list[Finding]

    @property
    def is_bad(self) -> bool:
        """Whether anything has to be mended."""
        return any(finding.level == "bad" for finding in self.findings)

    @property
    def repairs(self) -> list[str]:
        """The SQL of all findings that can be mended here, in the order in which it is to run."""
        return [statement for finding in self.findings for statement in finding.repair]


def examine(
    target: Target,
    resolution: Resolution,
    environ: Mapping[str, str],
    *,
    shown_folder: str,
    table: str | None = None,
    interrupt: Interrupt | None = None,
) -> Report:
    """Look at a target; a database that cannot be reached is a finding, not an error. Writes nothing."""
    findings = [
        finding._replace(check="programs") for finding in surroundings.programs(environ, greylag.__version__)
    ]
    files, found = _files(shown_folder)
    findings += found
    findings += [finding._replace(check="prisma") for finding in judge_calls(target, resolution)]
    source = target.source
    try:
        findings += _embedded(target, resolution)
        way = reach(target, resolution, environ, table=table, interrupt=interrupt)
        source = way.source
        with_session = way.session
    except (SecretError, EmbeddedError, FilesError) as error:
        return Report(target, source, None, [*findings, _unreached(error)])
    try:
        examination = _EXAMINERS[with_session.connect().engine](with_session)
        examination = with_tables(examination, with_session, target, resolution)
        # the journal is read together with the version table: where that cannot be had, it cannot either
        seen = "rows" in examination.facts
        unfinished, unread = _unfinished(with_session) if seen else (None, "")
        subject = Subject(
            target, source, with_session.table, examination, [each.version for each in files],
            unfinished, unread,
        )  # fmt: skip
        return Report(target, source, examination.server, findings + list(judge(subject)))
    except DatabaseError as error:
        if isinstance(error, ConnectError):
            error.source = source
        return Report(target, source, None, [*findings, _unreached(error)])
    finally:
        with_session.close()


def repair(
    report: Report,
    resolution: Resolution,
    environ: Mapping[str, str],
    *,
    table: str | None = None,
    interrupt: Interrupt | None = None,
) -> None:
    """Run the repairs of a report in one transaction, in which each looks for its fault again.

    The runner's lock is taken and the version table locked against other writers. Raises DatabaseError with
    everything undone.
    """
    way = reach(report.target, resolution, environ, table=table, interrupt=interrupt)
    engine = report.server.engine if report.server else ""
    texts = [
        each.format(lock=LOCK_ID, table=way.session.table) for each in _FIRST.get(engine, ())
    ] + report.repairs
    statements = [Statement(text) for text in texts]
    script = Script(Migration(0, "repair"), "up", statements, len(statements), True, False)
    try:
        for _ in way.session.apply([script], record=False):
            pass
    except ApplyError as error:
        raise error.cause from error
    finally:
        way.session.close()


_FIRST = {
    "postgres": (
        "SET LOCAL lock_timeout = '2s'",
        "SELECT pg_catalog.pg_advisory_xact_lock({lock})",
        "LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE",
    )
}
"""What a repair waits for, a few seconds long: the lock of runners (as in goose's library), and the table."""


def _files(shown: str) -> tuple[Sequence[Migration], Iterator[Finding]]:
    problem = hint = ""
    files: Sequence[Migration] = ()
    try:
        files = collect(shown)
    except NoFilesError:
        pass
    except FilesError as error:
        problem, hint = error.message, error.hint or ""
    found = surroundings.folder(shown, len(files), problem, hint)
    return files, (finding._replace(check="files") for finding in found)


def _embedded(target: Target, resolution: Resolution) -> Iterator[Finding]:
    """The state of the embedded server, asked before the way to it starts it. Raises EmbeddedError."""
    if target.environment == "local" and target.dsn is None and target.engine == "postgres":
        from greylag.operations.server import status

        for finding in surroundings.embedded(status(resolution.root)):
            yield finding._replace(check="embedded")


def _unreached(error: GreylagError) -> Finding:
    steps = (hint_for(error) or "").splitlines()
    if page := page_for(error):
        steps.append(f"greylag explain {page}")
    return bad(error.message, *steps)._replace(check="connection")


def _unfinished(session: Session) -> tuple[Sequence[Unfinished] | None, str]:
    journal = session.journal()
    if journal is None:
        return None, ""
    try:
        return journal.opening().unfinished, ""
    except DatabaseError as error:
        return None, error.message


def _postgres(session: Session) -> Examination:
    from greylag.databases.postgres.examination import examine as look
    from greylag.databases.postgres.session import PostgresSession

    assert isinstance(session, PostgresSession)  # noqa: S101 - what the registry makes for this engine
    return look(session)


def _sqlite(session: Session) -> Examination:
    from greylag.databases.sqlite.examination import examine as look

    return look(session)


def _clickhouse(session: Session) -> Examination:
    from greylag.databases.clickhouse.examination import examine as look

    return look(session)


_EXAMINERS: dict[str, Callable[[Session], Examination]] = {
    "postgres": _postgres,
    "sqlite": _sqlite,
    "clickhouse": _clickhouse,
}
"""Engine, as Server names it, to the function that looks."""
