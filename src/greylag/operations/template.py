"""``greylag new --template``: the forms that are easy to get wrong, in the shape that is safe."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from greylag.errors import UsageError
from greylag.operations.new import slug_of
from greylag.sql.names import derived_name, read_name, write_name

_BLANK = re.compile(r"\{(\w+)\}")
_FOLDER = os.path.join(os.path.dirname(__file__), "templates")


class Form(NamedTuple):
    """A template: its files (end of the name, file of the text), and the blanks that may be filled in."""

    files: tuple[tuple[str, str], ...]
    blanks: tuple[str, ...]


FORMS = {
    "table": Form((("", "table"),), ("on",)),
    "function": Form((("", "function"),), ("on", "column")),
    "index": Form((("", "index"),), ("on", "column")),
    "not-null": Form(
        tuple((f"_{step}", f"not_null_{step}") for step in ("fill", "check", "validate", "set")),
        ("on", "column", "value"),
    ),
}

_ELSEWHERE = {
    "sqlite": {
        "table": "CREATE TABLE in an ordinary file: id TEXT PRIMARY KEY, times as TEXT in UTC",
        "function": "SQLite has no functions; CREATE TRIGGER … BEGIN … END goes between StatementBegin and "
        "StatementEnd of an ordinary file",
        "index": "CREATE INDEX in an ordinary file: SQLite has one writer at a time and no CONCURRENTLY",
        "not-null": "SQLite cannot change a column: make the table anew with the column NOT NULL, copy the "
        "rows, drop the old table and rename the new one, all in one ordinary file",
    },
    "clickhouse": {
        "table": "CREATE TABLE with an engine and ORDER BY, between StatementBegin and StatementEnd",
        "function": "ClickHouse has no triggers; a materialized view sees what is inserted",
        "index": "ALTER TABLE … ADD INDEX, then MATERIALIZE INDEX, which runs in the background",
        "not-null": "columns are not Nullable unless they say so: MODIFY COLUMN with the plain type",
    },
}
"""What takes a form's place in an engine that has no such thing."""


class Blanks(NamedTuple):
    """What the command line fills in: a table, a column, an SQL expression; None where it says nothing."""

    on: str | None = None
    column: str | None = None
    value: str | None = None


def drafts(name: str, template: str, engine: str, blanks: Blanks) -> list[tuple[str, str]]:
    """Name and text of the files of a template. What is not filled in stands as ``<table>`` and the like.

    PostgreSQL refuses such a file in both directions. Raises UsageError for an engine other than postgres,
    for a blank that the template does not have, and for a name that is none.
    """
    form = FORMS[template]
    if engine in _ELSEWHERE:
        raise UsageError(
            f"the template {template} is for PostgreSQL, and this target is {engine}",
            hint=f"greylag new {name}; {_ELSEWHERE[engine][template]}",
        )
    for blank, word in blanks._asdict().items():
        if word is not None and blank not in form.blanks:
            raise UsageError(f"the template {template} has no use for --{blank}", hint=f"leave out {word}")
    slug = slug_of(name)
    texts = _texts(blanks, default_column="updated_at" if template == "function" else None)
    left = [f"<{what}>" for what in ("table", "column", "value") if texts[what] == f"<{what}>"]
    return [(slug + end, _filled(file, texts, left)) for end, file in form.files]


def _filled(file: str, texts: dict[str, str], left: list[str]) -> str:
    with open(os.path.join(_FOLDER, f"{file}.sql"), encoding="utf-8") as opened:
        text = opened.read()
    text = _BLANK.sub(lambda blank: texts[blank[1]], text)
    missing = [each for each in left if each in text]
    if not missing:
        return text
    words = " and ".join(missing)
    return f"-- Put your own words in the place of {words}: until then PostgreSQL refuses this file.\n{text}"


def _texts(blanks: Blanks, *, default_column: str | None) -> dict[str, str]:
    """What stands for each name in braces of a template, in SQL."""
    schema, table = _table(blanks.on)
    column = _column(blanks.column or default_column)
    spelled = write_name if blanks.on else _as_it_is
    path = spelled(*schema, table)
    return {
        "table": path,
        "column": column if column.startswith("<") else write_name(column),
        "value": _one_line("--value", blanks.value) if blanks.value else "<value>",
        "table_text": "'" + path.replace("'", "''") + "'",
        **_names(schema, table, column, filled=bool(blanks.on) and not column.startswith("<")),
    }


def _names(schema: tuple[str, ...], table: str, column: str, *, filled: bool) -> dict[str, str]:
    """Names that are made of the table's and the column's; an index lies in the schema of its table."""
    spelled = write_name if filled else _as_it_is
    index = derived_name("idx", table, column)
    return {
        "index": spelled(index),
        "index_path": spelled(*schema, index),
        "check": spelled(derived_name(table, column, "not_null")),
        "trigger": spelled(derived_name("set", table, column)),
        "function": spelled(*schema, derived_name("set", table, column)),
    }


def _as_it_is(*parts: str) -> str:
    return ".".join(parts)


def _table(word: str | None) -> tuple[tuple[str, ...], str]:
    if word is None:
        return (), "<table>"
    try:
        *schema, table = read_name(word)
    except ValueError:
        raise UsageError(f"{word!r} is no name of a table", hint="write users, or app.users") from None
    return tuple(schema), table


def _column(word: str | None) -> str:
    if word is None:
        return "<column>"
    try:
        (column,) = read_name(word)
    except ValueError:
        raise UsageError(
            f"{word!r} is no name of a column", hint="write email, or '\"e.mail\"' with a dot in it"
        ) from None
    return column


def _one_line(option: str, text: str) -> str:
    if not text.isprintable():
        raise UsageError(f"{option} is one line of SQL", hint="leave it out and write it into the file")
    return text
