"""``greylag validate``: every fault of a folder at once, where goose stops at the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import DuplicateVersionError, FilesError
from greylag.migrations.files import version_of
from greylag.operations.options import any_line_options
from greylag.operations.validate import migration_paths, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.errors import GreylagError
    from greylag.operations.validate import FileFacts


class Inspection(NamedTuple):
    """Sound files, and what is wrong with the others."""

    files: list[FileFacts]
    faults: list[GreylagError]


def inspect(folder: str) -> Inspection:
    """Look at every file, then at the folder as a whole. Raises FilesError when there is no such folder."""
    files: list[FileFacts] = []
    faults: list[GreylagError] = []
    for path in migration_paths(folder):
        try:
            files += validate(path, any_line_options())
        except FilesError as error:
            faults.append(error)
    return Inspection(files, faults + list(_duplicates(folder)))


def _duplicates(folder: str) -> Iterator[DuplicateVersionError]:
    """Every file whose version an earlier one has; badly named files, told already, count for nothing."""
    seen: dict[int, str] = {}
    for path in migration_paths(folder):
        try:
            version = 0 if path.endswith("_test.go") else version_of(path)
        except FilesError:
            continue
        if version in seen:
            yield DuplicateVersionError(version, path, seen[version])
        elif version:
            seen[version] = path
