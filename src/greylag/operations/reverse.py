"""``greylag new --reverse``: the forward way back, a migration that undoes another one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import FilesError, GoMigrationError
from greylag.migrations.files import collect
from greylag.migrations.halves import Half, put_together, take_apart
from greylag.migrations.parser import parse
from greylag.model.location import Location
from greylag.operations.options import any_line_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greylag.databases.base import Session
    from greylag.migrations.halves import Halves
    from greylag.model.migration import Migration

_SHOWN = 10
"""Statements that are listed where a person has to write their reversal."""

_BLANKED = "***"
"""Stands in the journal for a literal after PASSWORD."""


class Source(NamedTuple):
    """A migration to reverse: its version, its file, its text (other bytes than UTF-8 as surrogate escapes).

    ``path`` is the base name alone where there is no file; ``statements`` are the first lines of its Up.
    """

    version: int
    path: str
    text: str
    statements: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The base name."""
        return os.path.basename(self.path)


def from_folder(folder: str, versions: Iterable[int], *, above: int | None = None) -> list[Source]:
    """The files of these versions, and of all above ``above`` if it is given, newest first.

    Raises FilesError for a version without a file and for a range without any, GoMigrationError, ParseError.
    """
    migrations = {each.version: each for each in collect(folder)}
    wanted = set(versions)
    if above is not None:
        wanted |= {version for version in migrations if version > above}
    if not wanted:
        raise FilesError(f"no file is newer than version {above}: nothing to reverse", where=Location(folder))
    sources = []
    for version in sorted(wanted, reverse=True):
        migration = migrations.get(version)
        if migration is None:
            raise FilesError(
                f"version {version} has no file here",
                where=Location(folder),
                hint="take the branch that has it, or add --from-journal: "
                "what greylag applied is kept in the database",
            )
        if not migration.is_sql:
            raise GoMigrationError(migration)
        sources.append(_read(migration))
    return sources


def _read(migration: Migration) -> Source:
    options = any_line_options()._replace(lookup=_anything)
    ups = parse(migration, "up", options).statements
    parse(migration, "down", options)
    with open(migration.path, "rb") as file:
        text = file.read().decode("utf-8", "surrogateescape")
    return Source(
        migration.version, migration.path, text, tuple(each.text.partition("\n")[0] for each in ups)
    )


def from_journal(session: Session, versions: Iterable[int], *, above: int | None = None) -> list[Source]:
    """The same, with the texts that a database keeps of what greylag applied there.

    Raises FilesError where it keeps none, DatabaseError.
    """
    journal = session.journal()
    if journal is None:
        raise FilesError("this database has no journal", hint="take the branch that has the file")
    wanted = set(versions)
    if above is not None:
        wanted |= {version for version in journal.opening().known if version > above}
    sources = []
    for version in sorted(wanted, reverse=True):
        kept = journal.content(version)
        if kept is None:
            raise FilesError(
                f"the journal keeps no text of version {version}",
                hint="only files that greylag applied are kept; take the branch that has the file",
            )
        name, content = kept
        text = content.decode("utf-8", "surrogateescape")
        if _BLANKED in text and "password" in text.lower():
            raise FilesError(
                f"the journal keeps {name} without the password in it: its reversal would set another one",
                hint="take the branch that has the file",
            )
        sources.append(Source(version, name, text))
    if not sources:
        raise FilesError(f"the journal knows nothing newer than version {above}: nothing to reverse")
    return sources


def reversals(sources: Sequence[Source]) -> list[tuple[str, str]]:
    """Name and text of the migrations that undo ``sources`` (newest first): one where all are transactional.

    The Up is their Down sections as written, the Down their Up sections. Raises FilesError for a file with an
    empty Down.
    """
    parts = [(source, take_apart(source.text)) for source in sources]
    full = [source for source, halves in parts if halves.down.has_statement]
    for source in sources:
        if source not in full:
            raise _no_way_back(source, full)
    if len(parts) > 1 and not all(halves.transactional for _, halves in parts):
        return [_draft([part]) for part in parts]
    return [_draft(parts)]


def _draft(parts: Sequence[tuple[Source, Halves]]) -> tuple[str, str]:
    (first, halves), others = parts[0], len(parts) - 1
    name = f"reverse_{_name(first)}" + (f"_and_{others}_more" if others else "")
    text = put_together(
        [f"-- Reverses {source.file}: its Down is the Up here, its Up the Down." for source, _ in parts],
        [_titled(source, each.down, each.newline, title=bool(others)) for source, each in parts],
        [_restored(source, each, title=bool(others)) for source, each in reversed(parts)],
        transactional=halves.transactional,
        newline=halves.newline,
    )
    return name, text


def _restored(source: Source, halves: Halves, *, title: bool) -> Half:
    """The Up as it was, under the comments that introduced it."""
    introduced = halves.up._replace(lines=[*halves.head, *halves.up.lines])
    return _titled(source, introduced, halves.newline, title=title)


def _titled(source: Source, half: Half, newline: str, *, title: bool) -> Half:
    return half._replace(lines=[f"-- {source.file}{newline}", *half.lines]) if title else half


def _name(source: Source) -> str:
    return os.path.splitext(source.file)[0].partition("_")[2]


def _no_way_back(source: Source, others: Sequence[Source]) -> FilesError:
    """The error for a file with an empty Down; ``others`` of those asked for could be reversed."""
    shown = "".join(f"\n  {line}" for line in reversed(source.statements[:_SHOWN])) or " see the file"
    hint = (
        f"greylag new reverse_{_name(source)}; write as its Up what undoes its statements, last first:{shown}"
    )
    if others:
        words = " ".join(f"--reverse {other.version}" for other in others)
        hint += f"\nor leave it out, where nothing of it is to be undone: greylag new {words}"
    return FilesError(
        f"{source.file} has an empty Down: nothing says how to undo it",
        where=Location(source.path),
        hint=hint,
    )


def _anything(name: str) -> str:
    """A value for every variable: a file is read here, not run."""
    return name
