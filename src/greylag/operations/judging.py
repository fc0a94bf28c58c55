"""Whether files, history and journal still belong together: looked at before anything is run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import EditedError, FilesError, UnfinishedError
from greylag.migrations.plan import applied_versions
from greylag.migrations.resume import next_number
from greylag.migrations.stat_cache import FolderHashes, cache_path
from greylag.model.care import NO_HASH, WAYS_OUT
from greylag.model.location import Location
from greylag.model.reasons import reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.databases.base import Session
    from greylag.model.care import Known, Opening, Unfinished
    from greylag.model.migration import Migration


class Judgement(NamedTuple):
    """What does not fit. ``edited`` and ``deleted`` stop ``up``; ``ahead`` and ``unknown`` do not.

    ``ahead`` are applied versions above the newest file; ``unknown`` are files of applied versions that the
    journal does not know yet.
    """

    edited: list[Migration]
    deleted: list[Known]
    ahead: list[int]
    unknown: list[Migration]


def judge(folder: str, migrations: Sequence[Migration], opening: Opening) -> Judgement:
    """Compare the files of a folder with what was applied. Raises FilesError for one that cannot be read."""
    files = {migration.version: migration for migration in migrations}
    newest = max(files, default=0)
    applied = {version for version, on in applied_versions(opening.rows).items() if on and version}
    expected: dict[str, tuple[Migration, Known]] = {}
    unknown = []
    for version in applied & files.keys():
        migration, known = files[version], opening.known.get(version)
        if not migration.is_sql:
            continue
        if known is None or known.hash == NO_HASH:
            unknown.append(migration)
        else:
            expected[migration.name] = migration, known
    try:
        edited = _edited(folder, expected, opening.form)
    except OSError as error:
        raise FilesError(
            f"{error.filename or folder}: {reason_of(error)}",
            where=Location(folder),
            hint="an applied file has to be readable, so that it can be compared with what was applied",
        ) from None
    gone = sorted(applied - files.keys())
    deleted = [
        opening.known[version]
        for version in gone
        if version < newest and version in opening.known and opening.known[version].hash != NO_HASH
    ]
    return Judgement(
        sorted(edited), deleted, [version for version in gone if version > newest], sorted(unknown)
    )


def _edited(folder: str, expected: Mapping[str, tuple[Migration, Known]], form: str) -> list[Migration]:
    """The files whose statements are not those that the journal has. Raises OSError."""
    if not expected:
        return []
    found = []
    hashes = FolderHashes(folder, cache_path(os.environ), form=form)
    for name in hashes.unlike({name: known.raw_hash for name, (_, known) in expected.items()}):
        from greylag.migrations.fingerprint import file_hash  # a third of a short command's imports

        migration, known = expected[name]
        if hashes.normal(name, lambda content: file_hash(content, form)) != known.hash:
            found.append(migration)
    hashes.save()
    return found


def edited_error(session: Session, migrations: Sequence[Migration], form: str) -> EditedError:
    """The error that stops a run, with what was edited in the first of them; ``form`` is that of Opening."""
    from greylag.operations.differences import differences

    first = migrations[0]
    journal = session.journal()
    kept = journal.content(first.version) if journal else None
    shown = "its old text is not kept"
    if kept is not None:
        with open(first.path, "rb") as file:
            shown = differences(first, kept[1], file.read(), form)
    names = ", ".join(migration.name for migration in migrations)
    message = f"{first.name} was edited since it was applied"
    if len(migrations) > 1:
        message = f"{len(migrations)} files were edited since they were applied: {names}"
    versions = " ".join(str(migration.version) for migration in migrations)
    return EditedError(
        message,
        where=Location(first.path),
        hint="put the file back as it was and write the change as a new migration (greylag new NAME); if "
        f"the database already is as the file says now: greylag resolve {versions} --mark-applied",
        differences=shown,
    )


def deleted_error(deleted: Sequence[Known]) -> EditedError:
    """The error of applied files that are gone from the middle of the folder."""
    names = ", ".join(known.file for known in deleted)
    versions = " ".join(str(known.version) for known in deleted)
    what = "was deleted although it is applied" if len(deleted) == 1 else "were deleted although applied"
    return EditedError(
        f"{names} {what}, and newer files are here",
        hint=f"bring it back (git, or greylag history --text {deleted[0].version}); if it is meant to be "
        f"gone: greylag resolve {versions} --mark-applied",
    )


def unfinished_error(unfinished: Unfinished, verb: str) -> UnfinishedError:
    """The error of a verb that would run over a file that was broken off in the other direction."""
    version, number = unfinished.version, unfinished.next or next_number(unfinished)
    first = "down" if unfinished.direction == "down" else "up"
    return UnfinishedError(
        f"{unfinished.file} is unfinished: its {first} was broken off at statement {number} "
        f"({_who(unfinished)}), so {verb} does nothing",
        version=version,
        hint=f"finish it first: greylag {first} goes on at statement {number}; or greylag resolve {version} "
        f"says otherwise (--resume, --from-start, {WAYS_OUT[unfinished.direction][0]})",
    )


def _who(unfinished: Unfinished) -> str:
    at = unfinished.started.strftime("%Y-%m-%d %H:%M:%S UTC") if unfinished.started else "at an unknown time"
    return f"{at}, by {unfinished.who} on {unfinished.host}"


def names_of(versions: Sequence[int], known: Mapping[int, Known]) -> list[str]:
    """Versions as people know them: by the file's name where the journal has it."""
    return [known[version].file if version in known else str(version) for version in versions]
