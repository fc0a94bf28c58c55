"""What verbs print: lines for people on stdout, or one JSON value per line for programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from greylag.cli.colour import tint
from greylag.errors import ApplyError
from greylag.model.event import Nothing, Ran
from greylag.model.go_duration import rounded, show_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from greylag.errors import GreylagError
    from greylag.model.event import Event
    from greylag.model.server import Server

ENGINES = {"postgres": "PostgreSQL", "sqlite": "SQLite", "clickhouse": "ClickHouse"}


_clear: list[Callable[[], None]] = []


def clear_before_lines(clear: Callable[[], None] | None) -> None:
    """Have ``clear`` called before every line: what it takes away is a line of progress. None ends that."""
    _clear[:] = [clear] if clear else []


def out(text: str = "") -> None:
    """A line on stdout, written at once so that it stands when a run is killed."""
    for clear in _clear:
        clear()
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def out_json(value: Any) -> None:
    """One JSON value on one line of stdout."""
    out(json.dumps(value, ensure_ascii=False, default=str))


def server_facts(server: Server) -> dict[str, object]:
    """A server as JSON shows it."""
    return {
        "engine": server.engine,
        "version": server.version,
        "host": server.host,
        "port": server.port,
        "database": server.database,
        "role": server.role,
    }


def header(name: str, source: str, server: Server) -> str:
    """The first line of every verb on a database: server, database, role, and where the text came from."""
    engine = f"{ENGINES.get(server.engine, server.engine)} {server.version}"
    if server.engine == "sqlite":
        place = f"{engine} {tint(server.database, 'strong')}"
    else:
        address = server.host if server.host.startswith("/") else f"{server.host}:{server.port}"
        place = f"{engine} at {address}, database {tint(server.database, 'strong')} as {server.role}"
    return f"{name}: {place} (from {source})"


def event_line(event: Event) -> str:
    """A file that ran, or how a run ended, in one line."""
    if isinstance(event, Ran):
        word = "OK   " if event.statements else "EMPTY"
        arrow = "" if event.direction == "up" else " back"
        tone = "good" if event.statements else "faint"
        return f"  {tint(word, tone)} {event.migration.name}{arrow} ({show_duration(rounded(event.took_ns))})"  # type: ignore[arg-type]
    if isinstance(event, Nothing):
        return f"  nothing to run, at version {event.current}"
    return f"  now at version {event.version}"


def event_facts(event: Event, target: str) -> dict[str, object]:
    """The same as JSON: ``event`` is ran, nothing or reached."""
    if isinstance(event, Ran):
        return {
            "event": "ran",
            "target": target,
            "version": event.migration.version,
            "file": event.migration.path,
            "direction": event.direction,
            "statements": event.statements,
            "took_seconds": event.took_ns / 1e9,
        }
    if isinstance(event, Nothing):
        return {"event": "nothing", "target": target, "version": event.current}
    return {"event": "reached", "target": target, "version": event.version}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Columns padded with blanks, a faint head; cells may hold colour."""
    cells = [list(row) for row in rows]
    widths = [max([len(name), *(_visible(row[i]) for row in cells)]) for i, name in enumerate(head)]
    lines = [
        tint("  ".join(name.ljust(width) for name, width in zip(head, widths, strict=True)).rstrip(), "faint")
    ]
    for row in cells:
        padded = (text + " " * (width - _visible(text)) for text, width in zip(row, widths, strict=True))
        lines.append("  ".join(padded).rstrip())
    return lines


def _visible(text: str) -> int:
    return len(text) if "\033" not in text else len(_plain(text))


def _plain(text: str) -> str:
    import re

    return re.sub(r"\033\[[0-9;]*m", "", text)


def error_facts(error: GreylagError) -> dict[str, object]:
    """An error as JSON."""
    from greylag.model.masking import masked
    from greylag.operations.troubles.registry import hint_for

    hint = hint_for(error)
    facts: dict[str, object] = {
        "code": error.code,
        "message": masked(error.message),
        "hint": hint and masked(hint),
    }
    if isinstance(error, ApplyError):
        facts |= {"file": error.migration.path, "stage": error.stage, "sqlstate": error.cause.sqlstate}
        if error.statement is not None:
            line, column = error.statement.place(max(error.cause.position, 1) - 1)
            facts |= {"line": line, "column": column}
    elif error.where is not None:
        facts |= {"file": error.where.path, "line": error.where.line, "column": error.where.column}
    return facts
