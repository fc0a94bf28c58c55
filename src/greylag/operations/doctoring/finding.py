"""What a check found, and what it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from greylag.model.care import Unfinished
    from greylag.model.examination import Examination
    from greylag.model.target import Target

Level = Literal["ok", "note", "warn", "bad"]
"""``note``: worth knowing, nothing to mend. Only ``bad`` makes the command end with 1."""


class Finding(NamedTuple):
    """One line of the report. ``next`` is what to type; ``repair`` SQL that ``--repair`` runs.

    Every statement of a repair looks for the fault again by itself: it changes nothing, or fails, where that
    is gone.
    """

    level: Level
    text: str
    next: tuple[str, ...] = ()
    repair: tuple[str, ...] = ()
    check: str = ""


def good(text: str) -> Finding:
    """Nothing is wrong."""
    return Finding("ok", text)


def note(text: str, *next: str) -> Finding:  # noqa: A002 - the field's name
    """Worth knowing."""
    return Finding("note", text, next)


def warn(text: str, *next: str, repair: tuple[str, ...] = ()) -> Finding:  # noqa: A002 - as above
    """It works, and may not for long."""
    return Finding("warn", text, next, repair)


def bad(text: str, *next: str, repair: tuple[str, ...] = ()) -> Finding:  # noqa: A002 - as above
    """A run will fail, or end in something nobody wants."""
    return Finding("bad", text, next, repair)


class Subject(NamedTuple):
    """A target and what was seen of it. ``files`` are the versions of its folder.

    ``unfinished`` comes from the journal and is None for an engine without one; ``unread`` says why it could
    not be read.
    """

    target: Target
    source: str
    table: str
    examination: Examination
    files: Sequence[int]
    unfinished: Sequence[Unfinished] | None = None
    unread: str = ""

    @property
    def facts(self) -> Mapping[str, Any]:
        """The sections of the examination."""
        return self.examination.facts

    @property
    def is_local(self) -> bool:
        """Whether the target is this machine's own: the embedded server, or a loopback address."""
        host = self.examination.server.host
        near = host in ("", "localhost", "::1") or host.startswith(("127.", "/"))
        return self.target.environment == "local" or near


def identifier(name: str) -> str:
    """``name`` as an identifier in SQL, quoted only where it has to be."""
    import re

    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else '"' + name.replace('"', '""') + '"'


def span(seconds: float | None) -> str:
    """A duration as people say it: ``40 s``, ``5 min``, ``3 h``, ``2 days``."""
    if seconds is None:
        return "an unknown time"
    for limit, divisor, unit in ((120, 1, "s"), (7200, 60, "min"), (172800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / divisor:.0f} {unit}"
    return f"{seconds / 86400:.0f} days"


def several(count: int, thing: str, things: str = "") -> str:
    """``1 row``, ``2 rows``."""
    return f"{count} {thing if count == 1 else things or thing + 's'}"
