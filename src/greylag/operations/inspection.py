"""``greylag validate``: every fault of a folder at once, where goose stops at the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import DuplicateVersionError, FilesError
from greylag.migrations.files import version_of
from greylag.model.migration import Migration
from greylag.operations.obstacles import obstacles
from greylag.operations.options import any_line_options
from greylag.operations.validate import migration_paths, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.errors import GreylagError
    from greylag.model.finding import Finding
    from greylag.operations.validate import FileFacts


class Inspection(NamedTuple):
    """Files that can be read, what is wrong with the others, and what running will trip over."""

    files: list[FileFacts]
    faults: list[GreylagError]
    findings: list[Finding]


def inspect(folder: str, engine: str = "postgres") -> Inspection:
    """Look at every file, then at the folder as a whole. Raises FilesError when there is no such folder.

    Statements are looked at for ``postgres`` only.
    """
    files: list[FileFacts] = []
    faults: list[GreylagError] = []
    findings: list[Finding] = []
    for path in migration_paths(folder):
        try:
            sound = list(validate(path, any_line_options()))
        except FilesError as error:
            faults.append(error)
            continue
        # ClickHouse has no transactions, whatever a file says
        files += sound if engine != "clickhouse" else [each._replace(transactional=False) for each in sound]
        if sound and engine == "postgres" and path.endswith(".sql"):
            findings += obstacles(Migration(version_of(path), path))
    return Inspection(files, faults + list(_duplicates(folder)), findings)


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
