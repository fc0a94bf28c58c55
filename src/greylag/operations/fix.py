"""``fix``: number time-stamped files in sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.migrations import fix as files

if TYPE_CHECKING:
    from collections.abc import Iterator


def fix(folder: str) -> Iterator[tuple[str, str]]:
    """Rename files; yields old and new base name of each when it is done. Raises FilesError."""
    return files.fix(folder)
