"""SQLite's declared types in Python: a word we know, else what SQLite's affinity makes of it."""

from __future__ import annotations

import re

from greylag.schema.models.kinds import Kind
from greylag.schema.models.writing import call, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.model.catalog.parts import Type
    from greylag.schema.models.writing import Group

_DECLARED = re.compile(r"^\s*([A-Z][A-Z0-9_ ]*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*$")

_WORDS: dict[str, tuple[str, str, str]] = {
    "INTEGER": ("sa.INTEGER", "int", "int"),
    "SMALLINT": ("sa.SMALLINT", "int", "int"),
    "BIGINT": ("sa.BIGINT", "int", "int"),
    "BOOLEAN": ("sa.BOOLEAN", "bool", "bool"),
    "TEXT": ("sa.TEXT", "str", "str"),
    "VARCHAR": ("sa.VARCHAR", "str", "str"),
    "CHAR": ("sa.CHAR", "str", "str"),
    "NVARCHAR": ("sa.NVARCHAR", "str", "str"),
    "NCHAR": ("sa.NCHAR", "str", "str"),
    "REAL": ("sa.REAL", "float", "float"),
    "FLOAT": ("sa.FLOAT", "float", "float"),
    "DOUBLE": ("sa.DOUBLE", "float", "float"),
    "NUMERIC": ("sa.NUMERIC", "Decimal", "Decimal"),
    "DECIMAL": ("sa.DECIMAL", "Decimal", "Decimal"),
    "BLOB": ("sa.BLOB", "bytes", "bytes"),
    "DATE": ("sa.DATE", "dt.date", "dt.date"),
    "TIME": ("sa.TIME", "dt.time", "dt.time"),
    "DATETIME": ("UtcDateTime", "dt.datetime", "Moment"),
    "TIMESTAMP": ("UtcDateTime", "dt.datetime", "Moment"),
    "JSON": ("sa.JSON", "Any", "Any"),
}

_AFFINITIES = (
    ("INT", "int"),
    ("CHAR", "str"),
    ("CLOB", "str"),
    ("TEXT", "str"),
    ("BLOB", "bytes"),
    ("REAL", "float"),
    ("FLOA", "float"),
    ("DOUB", "float"),
)
"""Section 3.1 of SQLite's page "Datatypes", in its order."""


def kind(type_: Type, *, nullable: bool = True, collation: str = "") -> Kind:
    """What a column of the declared type is."""
    found = _DECLARED.match(type_.text.upper())
    word, *numbers = found.groups() if found else ("", None, None)
    given = [each for each in numbers if each is not None]
    if word in _WORDS and not (word in ("INTEGER", "BOOLEAN", "TEXT", "BLOB", "JSON") and given):
        sql, python, row = _WORDS[word]
        named: dict[str, str | Group] = {}
        if collation and python == "str":
            named["collation"] = string(collation)
        if word == "JSON" and nullable:
            named["none_as_null"] = "True"
        if sql == "UtcDateTime":
            named["word"] = string(word)
            given = []
        limits: dict[str, str | Group] = {"max_length": given[0]} if python == "str" and given else {}
        return Kind(call(sql, given, named), python, row, limits)
    python = next((each for part, each in _AFFINITIES if part in type_.text.upper()), "Any")
    return Kind(call("SqlType", [string(type_.text)]), python, python)
