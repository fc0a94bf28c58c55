"""``history``: the journal of a database as a table, as JSON, or the text of a file as it was applied."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from greylag.cli.colour import tint
from greylag.cli.options import VersionType, json_option, place_options, shown_folder
from greylag.cli.render import header, out, out_json, server_facts, table
from greylag.cli.visit import visit, way_to
from greylag.errors import UsageError
from greylag.model.go_duration import rounded, show_duration
from greylag.model.masking import masked

if TYPE_CHECKING:
    from greylag.cli.colour import Tone
    from greylag.cli.options import Place
    from greylag.environments.resolution import Resolution
    from greylag.model.care import Entry
    from greylag.model.history import Stamp
    from greylag.model.target import Target
    from greylag.operations.journal import Past
    from greylag.operations.reach import Reach

_TONES: dict[str, Tone] = {
    "done": "good",
    "failed": "bad",
    "begun": "warn",
    "adopted": "faint",
    "marked": "faint",
}
_NO_JOURNAL = "no journal here: greylag has run nothing yet"
_MOMENT = "%Y-%m-%d %H:%M:%S"


@click.command()
@place_options
@click.option(
    "--version", type=VersionType(), metavar="VERSION", help="Only what was done with this version."
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the newest N rows.")
@click.option("--statements", is_flag=True, help="Show the statements of NO TRANSACTION files one by one.")
@click.option(
    "--text", type=VersionType(), metavar="VERSION", help="Print the file of VERSION as it was applied."
)
@json_option
def history(
    *, place: Place, version: int | None, limit: int | None, statements: bool, text: int | None, as_json: bool
) -> int:
    """Show what was run on a database, newest first: when, by whom, how it ended.

    The rows are those of greylag's own journal; a file that failed is there too. Where there is no journal
    the version table is shown, which knows no more than the time of every version.
    """
    if text is not None:
        if version is not None or limit is not None or statements:
            raise UsageError("--text prints one file: it goes with no option but --json")
        return _print_text(place, text, as_json=as_json)
    from greylag.operations.journal import past

    facts = []

    def tell(target: Target, _: Resolution, way: Reach) -> None:
        folder = shown_folder(target.folder)
        found = past(way.session, folder, version=version, limit=limit, statements=statements)
        if as_json:
            facts.append(_facts(target, found))
            return
        out(header(target.name, way.source, found.server))
        out("\n".join(_lines(found)))

    code = visit(place, tell)
    if as_json and code == 0:
        out_json(facts)
    return code


def _print_text(place: Place, version: int, *, as_json: bool) -> int:
    from greylag.environments.resolution import only_target
    from greylag.operations.journal import kept_text

    resolution = place.resolve()
    target = only_target(resolution)
    with way_to(target, resolution, place) as way:
        name, content = kept_text(way.session, version)
    if as_json:
        text = content.decode("utf-8", "replace")
        out_json({"target": target.name, "version": version, "file": name, "text": text})
    else:  # the bytes as they are: the output may become the file again
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    return 0


def _lines(found: Past) -> list[str]:
    if not found.journaled:
        why = "this role may not read greylag's journal" if found.closed else _NO_JOURNAL
        return [
            f"  {why}. The version table holds:",
            *_indented(_stamp_table(found)),
        ]
    if not found.entries:
        return ["  the journal holds nothing of it"]
    return _indented(_entry_table(found.entries))


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _entry_table(entries: list[Entry]) -> list[str]:
    head = ["when (UTC)", "version", "file", "direction", "state", "took", "by", "tool", "notes"]
    rows = [
        [
            entry.started.strftime(_MOMENT),
            str(entry.version),
            entry.file if _is_of_file(entry) else f"  statement {entry.statement}",
            entry.direction,
            _state(entry.state),
            _took(entry),
            f"{entry.who}@{entry.host}",
            entry.tool,
            _notes(entry),
        ]
        for entry in entries
    ]
    return table(head, rows)


def _is_of_file(entry: Entry) -> bool:
    return entry.statement is None or entry.state == "resolved"


def _state(state: str) -> str:
    tone = _TONES.get(state)
    return tint(state, tone) if tone else state


def _took(entry: Entry) -> str:
    seconds = _took_seconds(entry)
    return "" if seconds is None else show_duration(rounded(round(seconds * 1e9)))


def _took_seconds(entry: Entry) -> float | None:
    if entry.finished is None or entry.state in ("adopted", "marked", "resolved"):
        return None
    return (entry.finished - entry.started).total_seconds()


def _notes(entry: Entry) -> str:
    notes = [f"to go on at statement {entry.statement}"] if entry.state == "resolved" else []
    if entry.lock_wait_seconds:
        notes.append(f"waited {entry.lock_wait_seconds:.1f}s for locks")
    if entry.retries:
        notes.append("1 retry" if entry.retries == 1 else f"{entry.retries} retries")
    if entry.sqlstate or entry.error:
        notes.append(f"{entry.sqlstate} {masked(entry.error).partition(chr(10))[0]}".strip())
    return ", ".join(notes)


def _stamp_table(found: Past) -> list[str]:
    rows = [
        [_moment(stamp), str(stamp.version), found.names.get(stamp.version, ""), _applied(stamp)]
        for stamp in found.stamps
    ]
    return table(["when (as stored)", "version", "file", "state"], rows) if rows else ["nothing"]


def _moment(stamp: Stamp) -> str:
    return stamp.at.strftime(_MOMENT) if stamp.at else ""


def _applied(stamp: Stamp) -> str:
    return "applied" if stamp.applied else "rolled back"


def _facts(target: Target, found: Past) -> dict[str, object]:
    return {
        "target": target.name,
        "server": server_facts(found.server),
        "journal": found.journaled,
        "journal_readable": not found.closed,
        "entries": [_entry_facts(entry) for entry in found.entries],
        "version_table": [
            {
                "version": stamp.version,
                "file": found.names.get(stamp.version),
                "applied": stamp.applied,
                "applied_at": stamp.at.isoformat() if stamp.at else None,
            }
            for stamp in found.stamps
        ],
    }


def _entry_facts(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "run": entry.run,
        "version": entry.version,
        "file": entry.file,
        "direction": entry.direction,
        "statement": entry.statement,
        "state": entry.state,
        "started": entry.started.isoformat(),
        "finished": entry.finished.isoformat() if entry.finished else None,
        "took_seconds": _took_seconds(entry),
        "who": entry.who,
        "host": entry.host,
        "tool": entry.tool,
        "lock_wait_seconds": entry.lock_wait_seconds,
        "retries": entry.retries,
        "sqlstate": entry.sqlstate,
        "error": masked(entry.error),
        "raw_hash": entry.raw_hash.hex(),
        "hash": entry.hash.hex(),
        "kept": entry.kept,
    }
