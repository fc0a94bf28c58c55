"""Names that are there already, or are not there."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from greylag.environments.nearest import nearest
from greylag.operations.troubles.lines import indented, lines_of
from greylag.operations.troubles.trouble import Scene, Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_FILES = 200
"""Later files of the folder that are looked through for a table."""


def _exists(scene: Scene) -> str | None:
    said = scene.said(r'^(\w+) "(.+?)"(?: of relation "(.+)")? already exists')
    if said is None or not scene.path:
        return None
    kind, name, table = said
    what = f"{kind} {name}" + (f" of {table}" if table else "")
    if not scene.transactional:
        who = "Perhaps an earlier try of this file made it; else another file did, or somebody by hand"
    else:
        who = "Another file made it, or somebody by hand"
    return indented(
        f"{what} is there already. {who}. Where the database has everything {scene.name} does, record the "
        "file as applied; else take out of the file what is there:",
        f"greylag resolve {scene.version} --mark-applied",
    )


def _no_table(scene: Scene) -> str | None:
    said = scene.said(r'^(?:relation|table|view) "(.+)" does not exist')
    if said is None:
        return None
    (name,) = said
    if maker := _later_maker(scene, name):
        return f"{maker} makes {name}, and that comes later. Reorder them, or give this file a higher version"
    near = _near(name, scene.nearby.tables())
    return f"There is no {name}. Did you mean {near}?" if near else None


def _later_maker(scene: Scene, name: str) -> str:
    """Where a later line or file makes the table; empty when none does."""
    bare = re.escape(name.rpartition(".")[2])
    makes = re.compile(
        rf'\s*CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:[\w"]+\.)?"?{bare}"?\s*(?:\(|$)',
        re.IGNORECASE,
    )
    for number, line in enumerate(lines_of(scene.path), 1):
        if re.match(r"--\s*\+goose\s+Down", line, re.IGNORECASE):
            break
        if number > scene.line and makes.match(line):
            return f"line {number}"
    for file in _later_files(scene.path):
        if any(map(makes.match, lines_of(file))):
            return os.path.basename(file)
    return ""


def _later_files(path: str) -> list[str]:
    folder, name = os.path.split(path)
    if not name.partition("_")[0].isdigit():
        return []
    version = int(name.partition("_")[0])
    later = []
    with os.scandir(folder or ".") as entries:
        for entry in entries:
            head = entry.name.partition("_")[0]
            if head.isdigit() and int(head) > version and entry.name.endswith(".sql"):
                later.append((int(head), entry.path))
    return [file for _, file in sorted(later)[:_MOST_FILES]]


def _no_column(scene: Scene) -> str | None:
    said = scene.said(r'^column "(.+?)" of relation "(.+)" does not exist$') or _of_statement(scene)
    if said is None:
        return None
    column, table = said
    columns = scene.nearby.columns(table)
    near = _near(column, columns)
    if near:
        return f"{table} has no column {column}. Did you mean {near}?"
    return f"{table} has no column {column}: it has {', '.join(columns)}" if 0 < len(columns) <= 20 else None


def _of_statement(scene: Scene) -> tuple[str, str] | None:
    """The column, and the one table that an index or an ALTER TABLE is about."""
    said = scene.said(r'^column "(.+?)" does not exist$')
    table = _ONE_TABLE.match(scene.statement.text) if scene.statement else None
    return (said[0], table[1]) if said and table else None


_ONE_TABLE = re.compile(
    r"\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX\b.*?\bON|ALTER\s+TABLE(?:\s+IF\s+EXISTS)?)\s+(?:ONLY\s+)?"
    r'((?:\w+|"[^"]+")(?:\.(?:\w+|"[^"]+"))?)',
    re.IGNORECASE | re.DOTALL,
)


def _near(word: str, names: Sequence[str]) -> str | None:
    return nearest(word, [name for name in names if name != word])


_ORDER = "It may be spelt otherwise, be in another schema, or be made by a file with a higher version"

TROUBLES = (
    Trouble("42P07", _exists),
    Trouble("42701", _exists),
    Trouble("42710", _exists),
    Trouble("42P06", _exists, page="42710"),
    Trouble("42723", _exists, page="42710"),
    Trouble("42P01", _no_table),
    Trouble("42P01", f"There is no such table or view. {_ORDER}", says="does not exist"),
    Trouble("42703", _no_column),
    Trouble("42703", f"There is no such column. {_ORDER}", says="does not exist"),
    Trouble(
        "42704",
        f"There is no such object. {_ORDER}; a type may come with an extension",
        says="does not exist",
    ),
)
