"""Where greylag keeps what it notes in ClickHouse: beside the version table, in its database."""

from __future__ import annotations

from greylag.model.records import NamedTuple

JOURNAL, LOCK = "greylag_journal", "greylag_lock"


class Place(NamedTuple):
    """``database`` and ``table`` are the version table's names, bare; the others are ready for SQL.

    ``history`` is how the journal names the version table.
    """

    database: str
    table: str

    @property
    def history(self) -> str:
        """Several version tables of one database share a journal."""
        return f"{self.database}.{self.table}"

    @property
    def versions(self) -> str:
        """The version table, wherever a USE in a file leads."""
        return self.of(self.table)

    @property
    def journal(self) -> str:
        """The journal's table."""
        return self.of(JOURNAL)

    def of(self, name: str) -> str:
        """A table of this database."""
        return f"{identifier(self.database)}.{identifier(name)}"


def identifier(name: str) -> str:
    """``name`` in backquotes."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def literal(text: str) -> str:
    """``text`` as an SQL literal; characters that cannot travel as UTF-8 become question marks."""
    text = text.encode("utf-8", "replace").decode().replace("\0", "")
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def split_name(text: str) -> tuple[str, str]:
    """Database (or empty) and table of a name as goose puts it into SQL, quoted or not."""
    parts, quote, piece = [""], "", ""
    for piece in text.strip():
        if quote:
            parts[-1] += "" if piece == quote else piece
            quote = "" if piece == quote else quote
        elif piece in '`"':
            quote = piece
        elif piece == ".":
            parts.append("")
        else:
            parts[-1] += piece
    return (".".join(parts[:-1]), parts[-1])
