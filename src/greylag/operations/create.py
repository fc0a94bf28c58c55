"""``goose create``: one new file."""

from __future__ import annotations

from greylag.migrations import create as files


def create(folder: str, name: str, kind: str, *, now: float, sequential: bool = False) -> str:
    """Make a migration file and give its path; ``now`` in seconds of the epoch. Raises FilesError."""
    return files.create(folder, name, kind, now=now, sequential=sequential)
