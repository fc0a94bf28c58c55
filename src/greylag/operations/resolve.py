"""``resolve``: a person says what is true of versions where the tool cannot tell by itself."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import PlanError, UnfinishedError, UsageError
from greylag.migrations.files import NoFilesError, collect
from greylag.migrations.fingerprint import read_record, statement_hashes
from greylag.migrations.parser import parse
from greylag.migrations.plan import applied_versions
from greylag.migrations.resume import BEGUN
from greylag.model.care import NO_HASH, Opening, Record
from greylag.model.migration import Migration
from greylag.operations.dialects import as_run
from greylag.operations.judging import judge
from greylag.operations.options import any_line_options
from greylag.operations.recording import UnknownVersionError, record_plainly
from greylag.operations.survey import halt_of, read_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from greylag.databases.base import Session
    from greylag.model.care import Unfinished
    from greylag.model.migration import Direction, Script, Statement
    from greylag.model.server import Server
    from greylag.operations.options import Care
    from greylag.operations.survey import Halt

    Standing = Literal["unfinished", "edited", "deleted", "ahead", "applied", "pending"]
    Choice = Literal["resume", "from-start"]


class NotUnfinishedError(PlanError):
    """There is nothing to go on with: the version was not broken off."""

    def __init__(self, version: int, standing: Standing) -> None:
        what, way = _STANDINGS[standing]
        super().__init__(
            f"version {version} is not unfinished: {what}", hint=way.format(version=version) or None
        )
        self.version = version
        self.standing = standing


_STANDINGS: dict[Standing, tuple[str, str]] = {
    "edited": (
        "it is applied, and its file was edited since",
        (
            "put the file back (greylag history --text {version}), or accept it as it is now: "
            "greylag resolve {version} --mark-applied"
        ),
    ),
    "deleted": (
        "it is applied, and its file is gone",
        "bring the file back, or accept that it is gone: greylag resolve {version} --mark-applied",
    ),
    "ahead": ("it is applied, and newer than every file here", ""),
    "applied": ("it is applied", "greylag history --version {version} tells when and by whom"),
    "pending": (
        "it is not applied",
        "greylag up applies it; if that was done by other means: greylag resolve {version} --mark-applied",
    ),
}


class Situation(NamedTuple):
    """What is known of a version. ``halt`` and ``statements`` are there for an unfinished one.

    ``edited`` holds the numbers of statements that are not what ran; ``doubtful``: nobody knows whether the
    statement it stopped at took effect.
    """

    version: int
    file: str
    standing: Standing
    halt: Halt | None = None
    statements: Sequence[Statement] = ()
    edited: frozenset[int] = frozenset()
    doubtful: bool = False


class Settled(NamedTuple):
    """What was noted of a version; ``statement`` is where it goes on, 0 for one that is recorded as a whole.

    ``changed`` is False where the database said so already.
    """

    version: int
    file: str
    statement: int = 0
    direction: Direction = "up"
    changed: bool = True


def situations(session: Session, folder: str, versions: Sequence[int]) -> tuple[Server, list[Situation]]:
    """What is known of each version. Raises UnknownVersionError, FilesError, DatabaseError."""
    server = session.connect()
    scene = _Scene(folder, read_all(session).opening)
    return server, [scene.situation(version) for version in versions]


def go_on(
    session: Session, folder: str, version: int, care: Care, *, choice: Choice, at: int | None = None
) -> Settled:
    """Note where an unfinished file goes on: behind the statement in doubt, at ``at``, or from the start.

    The statements before it count as done, as they are in the file now. Raises NotUnfinishedError,
    UnfinishedError when its file is not here, UsageError for a number it does not have.
    """
    _, (found,) = situations(session, folder, [version])
    careful = session.careful(care.manners, care.tell)
    if found.halt is None or careful is None:  # told before a journal is made for it
        raise NotUnfinishedError(version, found.standing)
    with closing(careful):
        scene = _Scene(folder, careful.open())
        situation = scene.situation(version)
        if situation.halt is None:
            raise NotUnfinishedError(version, situation.standing)
        script = scene.script(situation.halt.unfinished)
        number = 1 if choice == "from-start" else at or situation.halt.number + situation.doubtful
        if number > script.count + 1:
            raise UsageError(f"{situation.file} has no statement {number}: it has {script.count}")
        form = scene.form
        hashes = statement_hashes(script.statements, form)[: number - 1]
        careful.settle(read_record(script.migration, form=form), script.direction, number, hashes)
    return Settled(version, situation.file, number, script.direction)


def mark(
    session: Session, folder: str, versions: Sequence[int], care: Care, *, applied: bool
) -> list[Settled]:
    """Record versions as applied, or as not applied, whatever the database holds; nothing is run.

    An edited file is accepted as it is now, a deleted one as gone. Raises UnknownVersionError.
    """
    scene = _Scene(folder, read_all(session).opening)
    found = [scene.situation(version) for version in versions]
    careful = session.careful(care.manners, care.tell)
    if careful is None:
        changes = [each for each in found if scene.differs(each, applied=applied)]
        migrations = [Migration(each.version, each.file) for each in changes]
        record_plainly(session, migrations, "up" if applied else "down")
    else:
        with closing(careful):
            scene = _Scene(folder, careful.open())
            found = [scene.situation(version) for version in versions]
            changes = [each for each in found if scene.differs(each, applied=applied)]
            records = [scene.record(each.version, each.file) for each in changes]
            if records:
                (careful.mark if applied else careful.unmark)(records, "marked")
    return [Settled(each.version, each.file, changed=each in changes) for each in found]


class _Scene:
    """A folder beside what a database said when it was opened."""

    def __init__(self, folder: str, opening: Opening) -> None:
        try:
            self._migrations = collect(folder)
        except NoFilesError:
            self._migrations = []
        self._files = {migration.version: migration for migration in self._migrations}
        self._known = opening.known
        self.form = opening.form
        self._unfinished = {each.version: each for each in opening.unfinished}
        judgement = judge(folder, self._migrations, opening)
        self._applied = {version for version, on in applied_versions(opening.rows).items() if on and version}
        self._standings: dict[int, Standing] = {
            **dict.fromkeys(self._files, "pending"),
            **dict.fromkeys(self._applied, "applied"),
            **dict.fromkeys(judgement.ahead, "ahead"),
            **{known.version: "deleted" for known in judgement.deleted},
            **{migration.version: "edited" for migration in judgement.edited},
            **dict.fromkeys(self._unfinished, "unfinished"),
        }

    def situation(self, version: int) -> Situation:
        """What is known of one version. Raises UnknownVersionError, ParseError."""
        standing = self._standings.get(version)
        if standing is None:
            raise UnknownVersionError(version, self._migrations)
        unfinished = self._unfinished.get(version)
        if unfinished is None:
            return Situation(version, self._name(version), standing)
        halt = halt_of(unfinished, self._migrations, self.form)
        stopped = next((each for each in unfinished.attempts if each.number == halt.number), None)
        doubtful = not unfinished.next and stopped is not None and stopped.state == BEGUN and stopped.apart
        found = Situation(version, unfinished.file, standing, halt, doubtful=doubtful)
        if version not in self._files:
            return found
        statements = list(self.script(unfinished).statements)
        hashes = statement_hashes(statements, self.form)
        edited = frozenset(
            each.number
            for each in unfinished.attempts
            if each.number > len(hashes) or each.hash != hashes[each.number - 1]
        )
        return found._replace(statements=statements, edited=edited)

    def script(self, unfinished: Unfinished) -> Script:
        """The unfinished file as it is now. Raises UnfinishedError when it is not here, ParseError."""
        migration = self._files.get(unfinished.version)
        if migration is None:
            raise UnfinishedError(
                f"{unfinished.file} is not in this folder, so that it cannot go on",
                version=unfinished.version,
                hint="take the folder that holds it, or record how it stands: "
                f"greylag resolve {unfinished.version} --mark-applied or --mark-pending",
            )
        return as_run(parse(migration, unfinished.direction, any_line_options()), self.form)

    def differs(self, situation: Situation, *, applied: bool) -> bool:
        """Whether recording a version as applied or not would change anything."""
        if situation.standing in ("unfinished", "edited", "deleted"):
            return True
        return (situation.version in self._applied) != applied

    def record(self, version: int, name: str) -> Record:
        """The file as it is now, or the note that there is none."""
        migration = self._files.get(version)
        if migration is None:
            return Record(version, name, NO_HASH, NO_HASH)
        return read_record(migration, form=self.form)

    def _name(self, version: int) -> str:
        if version in self._files:
            return self._files[version].name
        return self._known[version].file if version in self._known else ""
