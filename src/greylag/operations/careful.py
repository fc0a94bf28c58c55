"""greylag's own way to run: one runner at a time, a journal, and on from where the last run broke off."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

from greylag.errors import GoMigrationError, PlanError, RefusedError, UnfinishedError, WorkspaceError
from greylag.migrations import plan
from greylag.migrations.files import MAX_VERSION, NoFilesError, collect, join
from greylag.migrations.fingerprint import read_record, record_of, statement_hashes
from greylag.migrations.parser import STREAM_ABOVE, parse, parse_content
from greylag.migrations.resume import find_resume
from greylag.model.care import CarefulScript
from greylag.model.event import Notice, Ran
from greylag.model.migration import Migration
from greylag.operations.dialects import as_run, examiner
from greylag.operations.differences import differences
from greylag.operations.judging import deleted_error, edited_error, judge, names_of, unfinished_error
from greylag.sql.tokens import BLANK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from greylag.databases.base import Careful, Session
    from greylag.migrations.plan import Plan, Step
    from greylag.model.care import Opening, Record, Unfinished
    from greylag.model.event import Event
    from greylag.model.facts import Facts
    from greylag.model.migration import Direction, Script
    from greylag.operations.judging import Judgement
    from greylag.operations.options import Care, RunOptions

    Planner = Callable[[Sequence[Migration], Sequence[object]], Plan]


class OutOfOrderError(PlanError):
    """Files below the newest applied version were never applied, and the workspace refuses that."""

    page = "G013"

    def __init__(self, missing: Sequence[Migration], newest: int) -> None:
        listed = "".join(f"\n  {migration.name}" for migration in missing)
        count = "a file is" if len(missing) == 1 else f"{len(missing)} files are"
        super().__init__(
            f"{count} older than version {newest}, the newest that is applied, and never ran here:{listed}",
            hint="what was written against an older schema may clash with what came later: rename it to a "
            "version of now and try it again; or run it as it is: --allow-missing, or for the whole "
            'workspace [apply] out_of_order = "allow"',
        )
        self.missing = list(missing)
        self.newest = newest


def up(
    session: Session, folder: str, options: RunOptions, *, to: int = MAX_VERSION, one: bool = False
) -> Iterator[Event]:
    """As greylag.operations.up.up, carefully where the engine can be careful.

    Raises besides LockedError, EditedError, UnfinishedError, RefusedError, PoolerError, OutOfOrderError.
    """
    careful = _careful(session, options)
    if careful is None:
        from greylag.operations.up import up as plain

        yield from plain(session, folder, options, to=to, one=one)
        return
    migrations = collect(folder)
    wanted = [migration for migration in migrations if migration.version <= to]
    if not wanted:
        raise NoFilesError("no migration files found", hint=f"the oldest is {migrations[0].name}")
    with closing(careful):
        run = _Run(session, careful, folder, options)
        run.open(migrations, "up")
        try:
            choose = plan.up_by_one if one else plan.up
            chosen = choose(wanted, run.opening.rows, allow_missing=options.allow_missing)
        except plan.MissingError as error:
            raise OutOfOrderError(error.missing, error.newest) from None
        yield from run.perform(chosen)


def back(
    session: Session, folder: str, options: RunOptions, *, verb: str, version: int = 0
) -> Iterator[Event]:
    """``down``, ``down-to``, ``redo``, ``reset``, also for files that only the journal still holds."""
    careful = _careful(session, options)
    if careful is None:
        yield from _plain_back(session, folder, options, verb, version)
        return
    try:
        migrations = collect(folder)
    except NoFilesError:
        migrations = []
    with closing(careful):
        run = _Run(session, careful, folder, options)
        run.open(migrations, verb)
        yield from run.perform(_BACK[verb](run.with_gone(migrations), run.opening, version))


_BACK: dict[str, Callable[[Sequence[Migration], Opening, int], Plan]] = {
    "down": lambda migrations, opening, _: plan.down(migrations, opening.rows),
    "down-to": lambda migrations, opening, version: plan.down_to(migrations, opening.rows, version),
    "redo": lambda migrations, opening, _: plan.redo(migrations, opening.rows),
    "reset": lambda migrations, opening, _: plan.reset(migrations, opening.rows),
}


def _plain_back(
    session: Session, folder: str, options: RunOptions, verb: str, version: int
) -> Iterator[Event]:
    from greylag.operations import down

    if verb == "down-to":
        return down.down_to(session, folder, version, options)
    plain = {"down": down.down, "redo": down.redo, "reset": down.reset}[verb]
    return plain(session, folder, options)


def _careful(session: Session, options: RunOptions) -> Careful | None:
    care: Care | None = options.care
    if care is None:
        return None
    careful = session.careful(care.manners, care.tell)
    if care.manners.atomic and (careful is None or not careful.transactional):
        raise RefusedError(
            "--atomic is there for PostgreSQL alone: here every file stands or falls by itself",
            hint="run it without --atomic",
        )
    return careful


class _Run:
    """One verb on one database."""

    opening: Opening

    def __init__(self, session: Session, careful: Careful, folder: str, options: RunOptions) -> None:
        if options.care is None:
            raise WorkspaceError("a careful run needs to know its manners")
        self._session = session
        self._careful = careful
        self._folder = folder
        self._options = options
        self._tell = options.care.tell
        self._gone: dict[int, str] = {}
        self._kept: dict[int, bytes] = {}
        self._began: dict[int, bytes] = {}

    def open(self, migrations: Sequence[Migration], verb: str) -> None:
        """Take the lock, read, and look whether this run may go on."""
        self.opening = opening = self._careful.open()
        direction = "up" if verb.startswith("up") else "down"
        for unfinished in opening.unfinished:
            if unfinished.direction != direction:
                raise unfinished_error(unfinished, verb)
            journal = self._session.journal()
            kept = journal.content(unfinished.version, begun=True) if journal else None
            if kept is not None:
                self._began[unfinished.version] = kept[1]
        judgement = judge(self._folder, migrations, opening)
        if direction == "up":
            self._refuse(judgement, migrations)
        self._adopt(judgement)
        if judgement.ahead and direction == "up":
            names = names_of(judgement.ahead, opening.known)
            self._tell(
                Notice(
                    "ahead",
                    f"the database is ahead of this checkout by {len(names)}: {', '.join(names)}",
                    {"versions": judgement.ahead, "files": names},
                )
            )

    def _refuse(self, judgement: Judgement, migrations: Sequence[Migration]) -> None:
        if judgement.edited:
            raise edited_error(self._session, judgement.edited, self.opening.form)
        if judgement.deleted:
            raise deleted_error(judgement.deleted)
        files = {migration.version for migration in migrations}
        for unfinished in self.opening.unfinished:
            if unfinished.version not in files:
                raise unfinished_error(unfinished, "a folder without that file")

    def _adopt(self, judgement: Judgement) -> None:
        unknown = judgement.unknown
        if not unknown:
            return
        form = self.opening.form
        self._careful.adopt(read_record(migration, form=form) for migration in unknown)
        count = "1 applied file is" if len(unknown) == 1 else f"{len(unknown)} applied files are"
        self._tell(
            Notice(
                "adopted",
                f"{count} new to the journal (applied by goose, or before greylag): noted as they are now",
                {"versions": [migration.version for migration in unknown]},
            )
        )

    def with_gone(self, migrations: Sequence[Migration]) -> list[Migration]:
        """The folder's files and those that only the journal holds, in order."""
        files = {migration.version for migration in migrations}
        for version, known in self.opening.known.items():
            if version not in files:
                self._gone[version] = known.file
        gone = [Migration(version, join(self._folder, name)) for version, name in self._gone.items()]
        return sorted([*migrations, *gone])

    def perform(self, chosen: Plan) -> Iterator[Event]:
        """Carry out a plan, tell its end, and name what earlier files left unchecked."""
        ran = False
        self._fetch_gone(chosen.steps)
        if chosen.steps:
            for event in self._careful.apply(self._scripts(chosen.steps)):
                ran = ran or isinstance(event, Ran)
                yield event
        if ran:
            self._name_unchecked()
        if chosen.end is not None:
            yield chosen.end
        if chosen.error is not None:
            raise chosen.error

    def _name_unchecked(self) -> None:
        names = self._careful.unchecked()
        if names:
            what = "constraint is" if len(names) == 1 else "constraints are"
            table, _, constraint = names[0].rpartition(".")
            self._tell(
                Notice(
                    "unchecked",
                    f"{len(names)} {what} NOT VALID, so that old rows may break it: {', '.join(names)}; "
                    f"a file with ALTER TABLE {table} VALIDATE CONSTRAINT {constraint} ends that",
                    {"constraints": names},
                )
            )

    def _scripts(self, steps: Sequence[Step]) -> Iterator[CarefulScript]:
        """Parse lazily, so that a broken later file does not keep earlier ones from being applied."""
        examine = examiner(self.opening.form)
        unfinished = {(each.version, each.direction): each for each in self.opening.unfinished}
        for migration, direction in steps:
            if not migration.is_sql:
                raise GoMigrationError(migration)
            if migration.version in self._gone:
                careful = self._from_journal(migration, direction, examine)
            else:
                script, record = self._read(migration, direction)
                careful = CarefulScript(script, record, examine, (), None)
            careful = careful._replace(script=as_run(careful.script, self.opening.form))
            if not careful.script.transactional:
                careful = self._outside(careful, unfinished.get((migration.version, direction)))
            yield careful

    def _read(self, migration: Migration, direction: Direction) -> tuple[Script, Record]:
        """A file parsed, and what is noted of it; one that is not large is read once for both."""
        options, content = self._options.parse, None
        try:
            with open(migration.path, "rb") as file:
                if os.fstat(file.fileno()).st_size <= STREAM_ABOVE:
                    content = file.read()  # told how much to read it would make room for all of that
        except OSError:
            pass  # the parser says why
        if content is None:
            return parse(migration, direction, options), read_record(migration, form=self.opening.form)
        script = parse_content(migration, direction, content, options)
        return script, record_of(migration.version, migration.name, content, form=self.opening.form)

    def _fetch_gone(self, steps: Sequence[Step]) -> None:
        """Texts from the journal, before the connection is busy with files. Raises FileGoneError."""
        for migration, _ in steps:
            version = migration.version
            if version not in self._gone or version in self._kept:
                continue
            journal = self._session.journal()
            kept = journal.content(version) if journal else None
            if kept is None:
                raise plan.FileGoneError(version)
            self._kept[version] = kept[1]
            self._tell(
                Notice(
                    "from-journal",
                    f"{migration.name} is not in this folder: it is taken from the journal",
                    {"version": version, "file": migration.name},
                )
            )

    def _from_journal(
        self, migration: Migration, direction: Direction, examine: Callable[[str], Facts]
    ) -> CarefulScript:
        version = migration.version
        content = self._kept[version]
        script = parse_content(migration, direction, content, self._options.parse)
        record = record_of(version, migration.name, content, form=self.opening.form)
        blanked = record.hash != self.opening.known[version].hash
        if blanked and any(BLANK in statement.text for statement in script.statements):
            raise RefusedError(
                f"{migration.name} is not here, and the journal blanked a password in it, so that it would "
                f"set {BLANK}",
                hint="check out the revision that holds the file, then run the same command again",
            )
        return CarefulScript(script, record, examine)

    def _outside(self, careful: CarefulScript, unfinished: Unfinished | None) -> CarefulScript:
        """With the hashes of its statements, and where it goes on."""
        script = careful.script
        form = self.opening.form
        hashes = statement_hashes(script.statements, form)
        if unfinished is None:
            return careful._replace(hashes=hashes)
        try:
            resume = find_resume(unfinished, script.migration, hashes)
        except UnfinishedError as error:
            began = self._began.get(unfinished.version)
            if began is not None:
                with open(script.migration.path, "rb") as file:
                    error.differences = differences(script.migration, began, file.read(), form)
            raise
        return careful._replace(hashes=hashes, resume=resume)
