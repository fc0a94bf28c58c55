"""``greylag validate``: every fault of a folder at once, where goose stops at the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import DuplicateVersionError, FilesError
from greylag.migrations.files import NoFilesError, collect
from greylag.operations.options import any_line_options
from greylag.operations.validate import migration_paths, validate

if TYPE_CHECKING:
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
    try:
        collect(folder)
    except NoFilesError:
        pass
    except DuplicateVersionError as error:
        faults.append(error)
    except FilesError as error:
        if not faults:  # a bad name was told above already
            faults.append(error)
    return Inspection(files, faults)
