"""goose's version table in SQLite: its definition and the statements that read and write it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.migration import Direction

_COLUMNS = (
    "id INTEGER PRIMARY KEY AUTOINCREMENT",
    "version_id INTEGER NOT NULL",
    "is_applied INTEGER NOT NULL",
    "tstamp TIMESTAMP DEFAULT (datetime('now'))",
)


def create_table(table: str) -> str:
    """The definition, white space included: SQLite keeps the text, and it shall equal what goose leaves."""
    columns = ",\n\t\t".join(_COLUMNS)
    return f"CREATE TABLE {table} (\n\t\t{columns}\n\t)"


def list_rows(table: str) -> str:
    """Version and flag of every row, newest first, then whether each of the two is TEXT."""
    texts = "typeof(version_id) = 'text', typeof(is_applied) = 'text'"
    return f"SELECT version_id, is_applied, {texts} from {table} ORDER BY id DESC"


def list_stamps(table: str) -> str:
    """Time, flag and version of all rows, then whether time and flag are TEXT; the newest time first.

    Rows of one time stand oldest first: goose, which asks for one row per version, gets that one.
    """
    texts = "typeof(tstamp) = 'text', typeof(is_applied) = 'text'"
    return f"SELECT tstamp, is_applied, version_id, {texts} FROM {table} ORDER BY tstamp DESC, id"


def write_row(table: str, direction: Direction) -> str:
    """What records a file: takes version and flag on the way up, the version on the way down."""
    if direction == "up":
        return f"INSERT INTO {table} (version_id, is_applied) VALUES (?, ?)"
    return f"DELETE FROM {table} WHERE version_id=?"


def split_name(table: str) -> tuple[str, str]:
    """Schema (or empty) and name of a version table as it is written in SQL, quotes taken off."""
    schema, dot, name = table.strip().rpartition(".")
    return (_unquoted(schema) if dot else "", _unquoted(name))


def _unquoted(name: str) -> str:
    name = name.strip()
    quotes = {'"': '"', "'": "'", "`": "`", "[": "]"}
    if len(name) > 1 and quotes.get(name[0]) == name[-1]:
        return name[1:-1].replace(name[-1] * 2, name[-1])
    return name
