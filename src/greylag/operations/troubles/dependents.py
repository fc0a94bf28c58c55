"""Objects that others are built on."""

from __future__ import annotations

import re

from greylag.operations.troubles.lines import indented
from greylag.operations.troubles.trouble import Scene, Trouble


def _drop(scene: Scene) -> str | None:
    rows = [line for line in scene.detail.splitlines() if " depends on " in line]
    if not rows or scene.said("^cannot drop") is None:
        return None
    what = ", ".join(row.partition(" depends on ")[0] for row in rows)
    return (
        f"Still built on it: {what}. Drop or change these first, in this file, and write into Down what "
        "makes them again. CASCADE would drop them all without a word"
    )


def _view(scene: Scene) -> str | None:
    found = re.search(r"^rule _RETURN on (view|materialized view) (\S+) depends on column", scene.detail)
    if found is None:
        return None
    kind, view = found[1].upper(), found[2]
    return indented(
        f"The {found[1]} {view} shows the column. In this file, around the change, drop it and make it "
        "again; "
        f"SELECT pg_get_viewdef('{view}'::regclass, true) gives its text:",
        f"DROP {kind} {view};",
        "ALTER TABLE …;",
        f"CREATE {kind} {view} AS …;",
    )


TROUBLES = (
    Trouble("2BP01", _drop),
    Trouble("2BP01", "Other objects are built on it: drop or change those first"),
    Trouble("0A000", _view, says="^cannot alter type of a column used by a view or rule"),
)
