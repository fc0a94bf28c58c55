"""``goose fix``: time stamps become numbers, in order, after the highest number there is."""

from __future__ import annotations

import os

from greylag.errors import FilesError
from greylag.migrations.files import collect
from greylag.model.reasons import reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_EPOCH = 19700101000000


def is_stamp(version: int) -> bool:
    """True for a version that reads as a date and time after the start of 1970."""
    return version > _EPOCH and _is_date(version)


def is_number(version: int) -> bool:
    """True for every other version; the very start of 1970 is neither for goose."""
    return version < _EPOCH or not _is_date(version)


def _is_date(version: int) -> bool:
    digits = str(version)
    if len(digits) != 14:
        return False
    year, month, day, hour, minute, second = (
        int(digits[:4]),
        *(int(digits[index : index + 2]) for index in range(4, 14, 2)),
    )
    if not (1 <= month <= 12 and hour < 24 and minute < 60 and second < 60):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = 29 if month == 2 and leap else 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    return 1 <= day <= days


def renames(folder: str) -> Iterator[tuple[str, str]]:
    """Old and new path of every file that fix() renames, in order. Raises FilesError.

    The first occurrence of the digits in the *path* is replaced, wherever it stands, as goose does.
    """
    migrations = collect(folder)
    number = max((each.version for each in migrations if is_number(each.version)), default=0)
    for migration in migrations:
        if is_stamp(migration.version):
            number += 1
            yield migration.path, migration.path.replace(str(migration.version), f"{number:05d}", 1)


def fix(folder: str) -> Iterator[tuple[str, str]]:
    """Rename file after file; yields the old and the new base name once it is done. Raises FilesError.

    No database is looked at: for one where these versions were applied the files are missing from now on.
    """
    for path, renamed in renames(folder):
        try:
            os.rename(path, renamed)
        except OSError as error:
            raise FilesError(f"rename {path} {renamed}: {reason_of(error)}") from None
        yield path.rpartition("/")[2], renamed.rpartition("/")[2]
