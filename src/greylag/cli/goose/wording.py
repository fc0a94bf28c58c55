"""Errors to the sentences goose makes of the same facts."""

from __future__ import annotations

from greylag.errors import ApplyError, DatabaseError, GoMigrationError, GreylagError, ParseError
from greylag.model.quoting import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_GO_EXAMPLES = "https://github.com/pressly/goose/tree/master/examples/go-migrations"

_STAGES = {
    "begin": "failed to begin transaction",
    "insert": "failed to insert new goose version",
    "delete": "failed to delete goose version",
    "commit": "failed to commit transaction",
}


def sentence(error: GreylagError) -> str:
    """What goose prints for an error, behind ``goose run: ``."""
    for kind, tell in _TELLERS.items():
        if isinstance(error, kind):
            return tell(error)
    return error.message


def cleaned(statement: str) -> str:
    """A statement as goose shows it: without lines that start with ``--`` and without empty lines.

    Comments behind a blank stay: goose looks at the very start of a line only.
    """
    import re

    statement = re.sub(r"(?m)^--.*$[\r\n]*", "", statement)
    return re.sub(r"(?m)^$[\r\n]*", "", statement)


def _apply(error: ApplyError) -> str:
    if error.stage == "statement":
        text = "" if error.statement is None else error.statement.text
        stage = f"failed to execute SQL query {quote(cleaned(text))}"
    else:
        stage = _STAGES[error.stage]
    return f"ERROR {error.migration.name}: failed to run SQL migration: {stage}: {error.cause.driver_text}"


def _parse(error: ParseError) -> str:
    what = "parse" if error.opened else "open"
    return f"ERROR {error.migration.name}: failed to {what} SQL migration file: {error.message}"


def _go(error: GoMigrationError) -> str:
    reason = f"Go functions must be registered and built into a custom binary (see {_GO_EXAMPLES})"
    return f"ERROR {error.migration.path}: failed to run Go migration: {reason}"


def _database(error: DatabaseError) -> str:
    return error.driver_text


_TELLERS: dict[type[GreylagError], Callable[..., str]] = {
    ApplyError: _apply,
    ParseError: _parse,
    GoMigrationError: _go,
    DatabaseError: _database,
}
