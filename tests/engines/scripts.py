"""Scripts made by hand, and short forms of what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.model.migration import Migration, Script, Statement

if TYPE_CHECKING:
    from greylag.databases.base import Session
    from greylag.model.event import Ran
    from greylag.model.migration import Direction


def script(
    version: int, *texts: str, direction: Direction = "up", transactional: bool = True, plain: bool = True
) -> Script:
    statements = tuple(Statement(text, line) for line, text in enumerate(texts, 2))
    migration = Migration(version, f"m/{version:05d}_x.sql")
    return Script(migration, direction, statements, len(texts), transactional, plain)


def down(version: int, *texts: str) -> Script:
    return script(version, *texts, direction="down")


def told(ran: list[Ran]) -> list[tuple[int, str, int]]:
    return [(one.migration.version, one.direction, one.statements) for one in ran]


def versions(session: Session) -> list[int]:
    return [row.version for row in session.history()]
