"""A word to a schema: a target, a database, a folder, a dump, a catalog, a schema.prisma, a git revision."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import tempfile
from contextlib import closing, contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from greylag.environments.resolution import only_target, resolve
from greylag.errors import GreylagError, UsageError
from greylag.model.dsn import Dsn
from greylag.operations.catalogs import as_replayed, without_bookkeeping
from greylag.operations.reach import reach
from greylag.operations.replay import replay
from greylag.operations.scratch import workshop_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.environments.resolution import Request, Resolution
    from greylag.model.catalog.catalog import Catalog
    from greylag.model.target import Target
    from greylag.operations.schema_prisma import PrismaSide

GIT = "git:"
PRISMA = ".prisma"
_DUMPS = (".sql", ".dump", ".pgdump", ".backup")


class Side(NamedTuple):
    """One side of a comparison. ``made``: it was made on a scratch server, so its owner says nothing."""

    name: str
    catalog: Catalog
    made: bool


def comparable(one: Side, other: Side) -> tuple[Catalog, Catalog]:
    """Both schemas; where one was made on a scratch database, both as such a database has them."""
    if one.made or other.made:
        return as_replayed(one.catalog), as_replayed(other.catalog)
    return one.catalog, other.catalog


class Sides:
    """Reads sides for one command line; both look at the same workspace."""

    def __init__(
        self, request: Request, *, folder: str | None, engine: str | None, table: str | None
    ) -> None:
        self._request = request
        self._folder = folder
        self._engine = engine
        self._table = table

    def read(self, word: str, other: str = "") -> Side | PrismaSide:
        """The schema a word means; ``other`` is the word of the other side, which a revision is read beside.

        Raises UsageError for a word that means nothing, and whatever connecting or replaying raises.
        """
        if word.startswith(GIT):
            return self._revision(word, other)
        if os.path.isdir(word):
            return self._files(word, word, *self._meant_for(word))
        if os.path.isfile(word):
            return self._file(word)
        if "://" in word or word.endswith((".db", ".sqlite", ".sqlite3")):
            return self._database(word)
        return self._target(word)

    def _target(self, word: str) -> Side:
        resolution = self._resolve(word)
        return read_target(only_target(resolution), resolution, self._request, self._table)

    def _resolve(self, word: str) -> Resolution:
        return resolve(self._request._replace(words=(word,), folder=None, dsn=None))

    def _database(self, text: str) -> Side:
        from greylag.operations.connect import connect

        dsn = Dsn(text)
        if not dsn.engine:
            raise UsageError(f"{dsn.masked()} is no connection string greylag knows")
        table = self._table or "goose_db_version"
        with closing(connect(dsn.engine, text, table)) as session:
            session.connect()
            return Side(dsn.masked(), without_bookkeeping(session.catalog(), table), made=False)

    def _files(self, name: str, folder: str, engine: str, database: str) -> Side:
        workshop = workshop_of(self._around())
        table = self._table or "goose_db_version"
        return Side(name, replay(workshop, folder, engine, table=table, database=database), made=True)

    def _file(self, path: str) -> Side | PrismaSide:
        if path.endswith(PRISMA):
            from greylag.operations.schema_prisma import read_prisma

            return read_prisma(path, self._left_out())
        if path.endswith(".json"):
            from greylag.schema.canonical import from_json

            with open(path, encoding="utf-8") as file:
                try:
                    facts = json.load(file)
                except ValueError as error:
                    raise UsageError(f"{path} is no JSON: {error}") from None
            return Side(path, from_json(facts), made=False)
        if path.endswith(_DUMPS):
            from greylag.operations.dump_file import load

            return Side(path, without_bookkeeping(load(workshop_of(self._around()), path)), made=True)
        raise UsageError(
            f"{path} is no schema greylag can read",
            hint="a folder of migrations, a schema.prisma, a .sql or .dump file, a .json catalog, a target, "
            "a connection string or git:REVISION is",
        )

    def _revision(self, word: str, other: str) -> Side | PrismaSide:
        revision, _, path = word.removeprefix(GIT).partition(":")
        path = path or (other if other.endswith(PRISMA) else "")
        if path.endswith(PRISMA):
            from greylag.operations.schema_prisma import prisma_side

            return prisma_side(f"{GIT}{revision}:{path}", file_of_revision(revision, path), self._left_out())
        folder, engine, database = self._folder_beside(path, other)
        with files_of_revision(revision, folder) as there:
            return self._files(word, there, engine, database)

    def _folder_beside(self, path: str, other: str) -> tuple[str, str, str]:
        """The folder of migrations a revision is asked for, its engine and the database it is meant for."""
        if path:
            return path, *self._meant_for(path)
        if other and not other.startswith(GIT) and not os.path.isfile(other):
            if os.path.isdir(other):
                return other, *self._meant_for(other)
            if "://" not in other:
                target = only_target(self._resolve(other))
                return target.folder, target.engine, target.database
        target = only_target(self._around())
        return target.folder, target.engine, target.database

    def _left_out(self) -> tuple[str, ...]:
        """The tables that the workspace has no models made of; none where there is no workspace."""
        try:
            workspace = self._around().workspace
        except GreylagError:
            return ()
        return workspace.schema.leave_out if workspace else ()

    def _around(self) -> Resolution:
        from greylag.environments.resolution import resolve_folders

        return resolve_folders(self._request._replace(words=(), dsn=None, folder=self._folder))

    def _meant_for(self, folder: str) -> tuple[str, str]:
        """Engine and database the workspace gives the folder; the command line may say another engine."""
        try:
            targets = self._around().targets
        except GreylagError:
            targets = []
        real = os.path.realpath(folder)
        found = next((each for each in targets if os.path.realpath(each.folder) == real), None)
        engine = self._engine or (found.engine if found else "postgres")
        return engine, found.database if found else ""


def read_target(target: Target, resolution: Resolution, request: Request, table: str | None = None) -> Side:
    """The schema of a target's database as it stands. Raises as reach() does, and DatabaseError."""
    way = reach(target, resolution, request.environ, table=table)
    with closing(way.session) as session:
        session.connect()
        return Side(target.name, without_bookkeeping(session.catalog(), table or target.table), made=False)


@contextmanager
def files_of_revision(revision: str, folder: str) -> Iterator[str]:
    """A folder that holds the files of ``folder`` as they were in ``revision``. Raises UsageError."""
    top, inside, commit = _place_in_git(revision, folder)
    if not _git(top, "ls-tree", "--name-only", commit, "--", f"{inside}/"):
        raise UsageError(
            f"{revision} has no folder {inside}", hint="git log --all -- FOLDER tells who has it"
        )
    archive = _git(top, "archive", "--format=tar", commit, "--", inside)
    with tempfile.TemporaryDirectory(prefix="greylag-") as there:
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(there, filter="data")
        yield os.path.join(there, inside)


def file_of_revision(revision: str, path: str) -> str:
    """The text of a file as it was in ``revision``. Raises UsageError."""
    top, inside, commit = _place_in_git(revision, path)
    if not _git(top, "ls-tree", "--name-only", commit, "--", inside):
        raise UsageError(f"{revision} has no file {inside}", hint="git log --all -- FILE tells who has it")
    return _git(top, "show", f"{commit}:{inside}").decode(errors="replace")


def _place_in_git(revision: str, path: str) -> tuple[str, str, str]:
    """The repository that holds a path, the path in it, and the commit of a revision."""
    top = _git(path, "rev-parse", "--show-toplevel").decode().strip()
    inside = os.path.relpath(os.path.realpath(path), os.path.realpath(top))
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return top, inside, _git(top, *words, subject=revision).decode().strip()


def _git(folder: str, *words: str, subject: str = "") -> bytes:
    place = folder
    while not os.path.isdir(place):  # a folder that only an older revision has
        place = os.path.dirname(os.path.abspath(place))
    try:
        done = subprocess.run(
            ["git", "-C", place, *words],  # noqa: S607 - the user's own git
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("git was not found, and a revision is asked for") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise UsageError(f"git knows no revision {subject}" if subject else f"git says: {said}")
    return done.stdout
