"""Every failure greylag can explain. Facts are fields; faces make sentences of them.

``message`` says what happened, ``where`` points into a file, ``hint`` says what to type next. ``exit_code``
is the promise of ``docs/reference/errors.md``: 1 an honest no, 2 misuse, 130 interrupted.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from greylag.model.change import Change
    from greylag.model.event import Ran, Stage
    from greylag.model.location import Location
    from greylag.model.migration import Direction, Migration, Statement


class GreylagError(Exception):
    """Something a person can understand and mend."""

    code = "G000"
    exit_code = 1
    page = ""
    """The page of the manual about this class, where it has one: ``greylag explain`` prints it."""

    def __init__(self, message: str, *, where: Location | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint


class UsageError(GreylagError):
    """The command line asks for something that cannot be meant."""

    code = "G001"
    exit_code = 2


class WorkspaceError(GreylagError):
    """``greylag.toml`` cannot be read or contradicts itself. ``others`` are the file's further mistakes."""

    code = "G002"
    exit_code = 2
    others: tuple[WorkspaceError, ...] = ()


class TargetError(GreylagError):
    """It is not clear, or not safe, which database is meant."""

    code = "G003"
    exit_code = 2


class SecretError(GreylagError):
    """No source of secrets gave a connection string."""

    code = "G004"
    exit_code = 2


class EnvFileError(GreylagError):
    """A ``.env`` file cannot be read. ``message`` is worded as goose words it, and may quote the file."""

    code = "G005"
    exit_code = 2


class FilesError(GreylagError):
    """The folder of migrations, or the name of a file in it, is not usable."""

    code = "G010"


class DuplicateVersionError(FilesError):
    """Two files carry one version."""

    code = "G011"

    def __init__(self, version: int, later: str, earlier: str) -> None:
        super().__init__(
            f"version {version} is carried by two files: {earlier} and {later}",
            hint="give one of them another version: greylag new makes one that is free",
        )
        self.version = version
        self.later = later
        self.earlier = earlier


class ParseError(GreylagError):
    """A migration file breaks the rules of the parser. ``message`` is worded as goose words it.

    ``opened`` is False when the file could not even be opened.
    """

    code = "G012"

    def __init__(
        self,
        message: str,
        *,
        migration: Migration,
        opened: bool = True,
        where: Location | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.migration = migration
        self.opened = opened


class GoMigrationError(GreylagError):
    """A ``.go`` migration is due: it needs a Go program that holds it."""

    code = "G014"

    def __init__(self, migration: Migration) -> None:
        super().__init__(
            f"{migration.path} is a Go migration: it can only run in a Go program that registers it",
            hint="rewrite it as .sql, or run it with your own goose build and come back",
        )
        self.migration = migration


class PlanError(GreylagError):
    """The files and the history do not fit together. ``message`` is worded as goose words it.

    ``version`` is the applied version whose file is not there, where that is what is wrong.
    """

    code = "G013"
    version: int | None = None


class DatabaseError(GreylagError):
    """A database said no. ``driver_text`` is the text goose's Go driver prints for the same answer.

    ``position`` counts characters of the statement from 1; 0 means the server gave none. ``no_history`` is
    set by an engine that was asked for the version table and found none.
    """

    code = "G020"
    no_history = False
    number = 0
    """ClickHouse's number of the error (60 is an unknown table); 0 where there is none."""

    def __init__(
        self,
        message: str,
        *,
        driver_text: str,
        sqlstate: str = "",
        severity: str = "ERROR",
        detail: str = "",
        server_hint: str = "",
        context: str = "",
        position: int = 0,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.driver_text = driver_text
        self.sqlstate = sqlstate
        self.severity = severity
        self.detail = detail
        self.server_hint = server_hint
        self.context = context
        self.position = position


class ConnectError(DatabaseError):
    """No connection could be made. ``source`` says where the connection string came from, where known."""

    code = "G021"
    source = ""


class LostError(DatabaseError):
    """An open connection broke."""

    code = "G022"


class DeadlineError(DatabaseError):
    """The time given with ``-timeout`` is over."""

    code = "G023"


class ApplyError(GreylagError):
    """A file failed. ``applied`` lists what this run had finished before; ``stands`` says what is certain."""

    code = "G030"

    def __init__(
        self,
        *,
        stage: Stage,
        migration: Migration,
        direction: Direction,
        cause: DatabaseError,
        statement: Statement | None = None,
        transactional: bool = True,
        applied: Sequence[Ran] = (),
    ) -> None:
        super().__init__(cause.message)
        self.stage = stage
        self.migration = migration
        self.direction = direction
        self.cause = cause
        self.statement = statement
        self.transactional = transactional
        self.applied = list(applied)
        self.stands = ""
        self.journaled = False
        """True when the journal knows how far a file outside transactions came: a run goes on there."""


class LockedError(GreylagError):
    """Another runner is at work on this database. ``holder`` says who, as far as the server tells."""

    code = "G031"
    page = "G031"

    def __init__(self, message: str, *, holder: str = "", hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.holder = holder


class EditedError(GreylagError):
    """A file is not what was applied: edited, or gone. ``differences`` shows the statements."""

    code = "G032"
    page = "G032"

    def __init__(
        self, message: str, *, where: Location | None = None, hint: str | None = None, differences: str = ""
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.differences = differences


class UnfinishedError(GreylagError):
    """A file outside transactions was broken off, and a person has to say how to go on."""

    code = "G033"
    page = "G033"

    def __init__(
        self,
        message: str,
        *,
        version: int,
        where: Location | None = None,
        hint: str | None = None,
        differences: str = "",
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.version = version
        self.differences = differences


class PoolerError(DatabaseError):
    """A transaction pooler stands between: neither lock nor settings hold there."""

    code = "G034"
    page = "G034"


class RefusedError(GreylagError):
    """greylag does not run this although goose would: own transaction control, a mix that is not atomic."""

    code = "G035"
    page = "G035"


class DriftError(GreylagError):
    """A database is not what its migrations make, and the verb stands on that. ``changes`` says in what."""

    code = "G036"

    def __init__(self, message: str, *, changes: Sequence[Change], hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.changes = list(changes)


class EmbeddedError(GreylagError):
    """The embedded server cannot be found, started or reached."""

    code = "G040"


class ReplayError(GreylagError):
    """Migrations or a dump do not run on an empty scratch database, so there is no schema to look at."""

    code = "G041"


class EditError(GreylagError):
    """A file that was to be written cannot be, or is no longer what it was."""

    code = "G060"


class PrismaError(GreylagError):
    """Prisma refuses this too. ``prisma_code`` is its code (P1012), ``message`` its own words."""

    code = "G070"

    def __init__(self, prisma_code: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.prisma_code = prisma_code


class InterruptedRunError(GreylagError):
    """Ctrl-C or SIGTERM. ``signal`` is its number, ``migration`` the file in flight, if any.

    It is undone if it is ``transactional``; else what it did before the statement in flight stays.
    """

    code = "G050"
    exit_code = 130

    def __init__(
        self, signal: int, migration: Migration | None = None, *, transactional: bool = True
    ) -> None:
        super().__init__("interrupted")
        self.signal = signal
        self.migration = migration
        self.transactional = transactional
        self.journaled = False
        """As in ApplyError."""
        self.doubtful = False
        """True when the statement in flight may go on without its client, and nobody sees how it ends."""
        self.exit_code = 128 + signal
