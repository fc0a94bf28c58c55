"""What only the text of CREATE TABLE says: SQLite's pragmas know no names, checks or generation expressions.

The grammar is https://www.sqlite.org/lang_createtable.html; the text has been accepted by SQLite already.
"""

from __future__ import annotations

from greylag.databases.sqlite.catalog.tokens import end_of_group, name_of, parted, text_of, tokens_of
from greylag.model.catalog.parts import Name
from greylag.model.catalog.tables import Constraint, Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.databases.sqlite.catalog.tokens import Token
    from greylag.model.catalog.tables import Action

_TABLE_CLAUSES = {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}
_COLUMN_CLAUSES = _TABLE_CLAUSES | {"NOT", "NULL", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"}
_ACTIONS: dict[str, Action] = {
    "NO ACTION": "no action", "RESTRICT": "restrict", "CASCADE": "cascade",
    "SET NULL": "set null", "SET DEFAULT": "set default",
}  # fmt: skip


class Clauses:
    """What a table's text says of its columns (by their names) and its constraints."""

    def __init__(self) -> None:
        self.constraints: list[Constraint] = []
        self.collations: dict[str, str] = {}
        self.generated: dict[str, str] = {}
        self.autoincrement = ""
        """The column that is AUTOINCREMENT."""


def clauses_of(sql: str, schema: str) -> Clauses:
    """Read the text of a CREATE TABLE; that of a virtual table has no clauses."""
    tokens = tokens_of(sql)
    opening = next((place for place, token in enumerate(tokens) if token.key == "("), len(tokens))
    found = Clauses()
    if any(token.key in ("VIRTUAL", "AS") for token in tokens[:opening]):
        return found
    for part in parted(tokens[opening + 1 : end_of_group(tokens, opening) - 1]):
        _Part(part, schema, found).read()
    return found


class _Part:
    """One column or one or several constraints: SQLite does not ask for commas between these."""

    def __init__(self, tokens: list[Token], schema: str, found: Clauses) -> None:
        self._tokens = tokens
        self._schema = schema
        self._found = found
        self._place = 0
        self._start = 0
        self._column = ""
        self._name = ""

    def read(self) -> None:
        if not self._tokens:
            return
        if self._key() not in _TABLE_CLAUSES:
            self._column = name_of(self._take())
            while self._place < len(self._tokens) and self._key() not in _COLUMN_CLAUSES:
                self._place = (
                    end_of_group(self._tokens, self._place) if self._key() == "(" else self._place + 1
                )
        readers: dict[str, Callable[[], None]] = {
            "CONSTRAINT": self._read_name,
            "PRIMARY": self._read_primary_key,
            "UNIQUE": self._read_unique,
            "CHECK": self._read_check,
            "FOREIGN": self._read_foreign_key,
            "REFERENCES": self._read_foreign_key,
            "DEFAULT": self._read_default,
            "COLLATE": self._read_collation,
            "AS": self._read_generated,
        }
        self._start = self._place
        while self._place < len(self._tokens):
            key = self._key()
            reader = readers.get(key)
            if reader is None:
                self._place += (
                    1  # NOT NULL, GENERATED ALWAYS, ON CONFLICT …: the pragmas know, or nothing does
                )
                continue
            if key != "CONSTRAINT" and not self._name:
                self._start = self._place
            reader()
            if key != "CONSTRAINT":
                self._name = ""

    def _key(self) -> str:
        return self._tokens[self._place].key if self._place < len(self._tokens) else ""

    def _take(self) -> Token:
        self._place += 1
        return self._tokens[self._place - 1]

    def _take_words(self, *words: str) -> bool:
        keys = tuple(token.key for token in self._tokens[self._place : self._place + len(words)])
        if keys != words:
            return False
        self._place += len(words)
        return True

    def _take_group(self) -> list[Token]:
        start, self._place = self._place, end_of_group(self._tokens, self._place)
        return self._tokens[start + 1 : self._place - 1]

    def _names(self) -> tuple[str, ...]:
        if self._key() != "(":
            return ()
        return tuple(name_of(part[0]) for part in parted(self._take_group()) if part)

    def _read_name(self) -> None:
        self._start = self._place
        self._place += 1
        self._name = name_of(self._take())

    def _read_primary_key(self) -> None:
        self._place += 2
        columns = self._names() or (self._column,)
        if self._key() in ("ASC", "DESC"):
            self._place += 1
        self._read_conflict()
        if self._take_words("AUTOINCREMENT"):
            self._found.autoincrement = self._column
        self._add(Constraint(self._name, "primary key", columns))

    def _read_unique(self) -> None:
        self._place += 1
        columns = self._names() or (self._column,)
        self._read_conflict()
        self._add(Constraint(self._name, "unique", columns))

    def _read_conflict(self) -> None:
        if self._take_words("ON", "CONFLICT"):
            self._place += 1

    def _read_check(self) -> None:
        self._place += 1
        expression = text_of(self._take_group())
        self._read_conflict()
        self._add(Constraint(self._name, "check", expression=expression))

    def _read_foreign_key(self) -> None:
        columns: tuple[str, ...] = (self._column,)
        if self._take_words("FOREIGN", "KEY"):
            columns = self._names()
        self._place += 1
        table = Name(self._schema, name_of(self._take()))
        targets = self._names()
        actions: dict[str, Action] = {}
        match = "SIMPLE"
        while self._key() in ("ON", "MATCH"):
            if self._take().key == "MATCH":
                match = self._take().key
                continue
            event, word = self._take().key, self._take().key
            if word in ("SET", "NO"):
                word = f"{word} {self._take().key}"
            actions[event] = _ACTIONS[word]
        deferrable, deferred = self._read_deferral()
        references = Reference(
            table,
            targets,
            actions.get("UPDATE", "no action"),
            actions.get("DELETE", "no action"),
            "full" if match == "FULL" else "partial" if match == "PARTIAL" else "simple",
        )
        self._add(
            Constraint(
                self._name,
                "foreign key",
                columns,
                references=references,
                deferrable=deferrable,
                deferred=deferred,
            )
        )

    def _read_deferral(self) -> tuple[bool, bool]:
        negated = self._take_words("NOT", "DEFERRABLE")
        deferrable = negated or self._take_words("DEFERRABLE")
        deferred = False
        if deferrable and self._take_words("INITIALLY"):
            deferred = self._take().key == "DEFERRED"
        return deferrable and not negated, deferred and not negated

    def _read_default(self) -> None:
        self._place += 1
        if self._key() == "(":
            self._take_group()
        else:
            self._place += 2 if self._key() in ("+", "-") else 1

    def _read_collation(self) -> None:
        self._place += 1
        self._found.collations[self._column] = name_of(self._take())

    def _read_generated(self) -> None:
        self._place += 1
        self._found.generated[self._column] = text_of(self._take_group())

    def _add(self, constraint: Constraint) -> None:
        definition = text_of(self._tokens[self._start : self._place]).strip()
        self._found.constraints.append(constraint._replace(definition=definition))
