"""What was edited in a file since it was applied: its statements, old against new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.errors import ParseError
from greylag.migrations.fingerprint import normaliser
from greylag.migrations.parser import ParseOptions, parse_content

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from greylag.model.migration import Direction, Migration

_MOST_LINES = 40
_DIRECTIONS: tuple[Direction, ...] = ("up", "down")


def differences(migration: Migration, old: bytes, new: bytes, form: str = "postgres") -> str:
    """A diff of statements, ``-`` what was applied and ``+`` what the file says now; layout is left out.

    ``form`` is that of Opening.
    """
    lines: list[str] = []
    for direction in _DIRECTIONS:
        before, after = _statements(migration, direction, old), _statements(migration, direction, new)
        changed = list(_changed(before, after, form))
        if changed:
            lines += [f"{direction.capitalize()}:", *changed]
    if not lines:
        return "an annotation was changed"
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = [f"… {len(lines) - _MOST_LINES} more lines"]
    return "\n".join(lines)


def _statements(migration: Migration, direction: Direction, content: bytes) -> list[str]:
    try:
        script = parse_content(migration, direction, content, ParseOptions(line_limit=None, lookup=str))
    except ParseError as error:
        return [f"(cannot be read: {error.message})"]
    return [statement.text for statement in script.statements]


def _changed(before: Sequence[str], after: Sequence[str], form: str) -> Iterator[str]:
    import difflib

    normal = normaliser(form)
    keys = [normal(text) for text in before], [normal(text) for text in after]
    for kind, start, end, first, last in difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        removed, added = before[start:end], after[first:last]
        if len(removed) == len(added):
            for old, new in zip(removed, added, strict=True):
                yield from _lines_of(old, new)
        else:
            yield from _lines_of("\n".join(removed), "\n".join(added))


def _lines_of(old: str, new: str) -> Iterator[str]:
    import difflib

    for line in difflib.unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield f"  {line}"
