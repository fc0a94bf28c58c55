"""``goose init``: a folder of migrations with a first file."""

from __future__ import annotations

from greylag.migrations import scaffold as files


def scaffold(folder: str, *, now: float, sequential: bool = False) -> str:
    """Make the folder, give the path of its first file; ``now`` in epoch seconds. Raises FilesError."""
    return files.scaffold(folder, now=now, sequential=sequential)
