"""``fix``: number time-stamped files in sequence."""

from __future__ import annotations

from greylag.migrations import fix as files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def fix(folder: str) -> Iterator[tuple[str, str]]:
    """Rename files; yields old and new base name of each when it is done. Raises FilesError."""
    return files.fix(folder)
