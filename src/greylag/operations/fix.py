"""``fix``: number time-stamped files in sequence."""

from __future__ import annotations

from greylag.migrations import fix as files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def fix(folder: str) -> Iterator[tuple[str, str]]:
    """Rename files; yields old and new base name of each when it is done. Raises FilesError."""
    return files.fix(folder)


def renames(folder: str) -> Iterator[tuple[str, str]]:
    """Old and new base name of what fix() would rename. Raises FilesError."""
    for path, renamed in files.renames(folder):
        yield path.rpartition("/")[2], renamed.rpartition("/")[2]
