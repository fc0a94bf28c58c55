"""Names in Python for names in a database: valid, unlike every other in their place, the same every time."""

from __future__ import annotations

import re
import unicodedata
from keyword import iskeyword

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_NO_LETTER = re.compile(r"\W")
_WORDS = re.compile(r"[^\W_]+")
_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman", "statuses": "status"}
_SINGULAR = re.compile(
    r"(?:ss|us|is|ics|^os|^gas|alias|atlas|bias|canvas|series|species|news|^s|sms|https|kubernetes)$"
)
"""Words that end like many and mean one, or the same for both."""

BUILTINS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "str", "tuple"})
"""Types that annotations name, and which an attribute of that name would hide from the lines below it."""

ORM_GLOBALS = BUILTINS | {
    *("Any", "AsText", "Base", "Decimal", "Mapped", "SqlType", "UUID", "UtcDateTime", "dt", "enum_values"),
    *("Sequence", "StrEnum", "mapped_column", "moment_json", "pg", "relationship", "sa", "unmanaged"),
}
"""What the head of a file of SQLAlchemy classes defines."""

ORM_RESERVED = frozenset({"metadata", "registry", "type_annotation_map"})
"""What SQLAlchemy's declarative base keeps for itself."""

ROW_GLOBALS = BUILTINS | {
    *("AfterValidator", "Annotated", "Any", "AwareDatetime", "BaseModel", "ConfigDict", "Decimal", "Field"),
    *("IPv4Address", "IPv6Address", "Moment", "PlainSerializer", "Row", "StrEnum", "UUID", "WithJsonSchema"),
    *("AliasChoices", "Shown", "dt", "moment_json"),
}
"""What the head of a file of Pydantic models defines."""

ROW_RESERVED = frozenset(
    {
        *("construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw", "schema"),
        *("schema_json", "update_forward_refs", "validate"),
    }
)
"""What a Pydantic model has of its own; ``model_…`` is reserved as a whole."""


def identifier(text: str) -> str:
    """The nearest valid name; keywords get a line behind them."""
    name = _NO_LETTER.sub("_", unicodedata.normalize("NFKC", text.strip())) or "_"
    if not (name[0].isidentifier()):
        name = f"n{name}"
    return f"{name}_" if iskeyword(name) else name


def free(name: str, *taken: Collection[str]) -> str:
    """The name, or it with the first suffix (``_``, ``_2``, …) that nobody in ``taken`` has."""
    found, number = name, 1
    while any(found in each for each in taken):
        found = f"{name.rstrip('_')}_{number}" if number > 1 else f"{name}_"
        number += 1
    return found


def attribute(column: str, *taken: Collection[str]) -> str:
    """The name of a column in a class of SQLAlchemy."""
    name = identifier(column)
    return free(f"n{name}" if name.startswith("__") else name, ORM_RESERVED, *taken)


def field(column: str, *taken: Collection[str]) -> str:
    """The name of a column in a Pydantic model, which has no names with a line before them."""
    name = identifier(column).lstrip("_") or "n"
    name = identifier(name)
    return free(f"{name}_" if name.startswith("model_") else name, ROW_RESERVED, *taken)


def class_name(table: str) -> str:
    """``audit_logs`` as ``AuditLog``: words put together, the last one in the singular."""
    words = _WORDS.findall(unicodedata.normalize("NFKC", table))
    if not words:
        return "Unnamed"
    words[-1] = singular(words[-1])
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return identifier(name if name[:1].isidentifier() else f"N{name}")


def member(value: str, taken: Collection[str]) -> str:
    """The name of an enum's value: in capitals; an empty one is ``EMPTY``."""
    name = _NO_LETTER.sub("_", unicodedata.normalize("NFKC", value)).upper().strip("_")
    if not name:
        name = "EMPTY" if not value else "VALUE"
    if not name.isidentifier():
        name = f"VALUE_{name}"
    return free(identifier(name), taken, {"MRO"})


def singular(word: str) -> str:
    """One of what a word names many of; the word itself where that is not plain."""
    low = word.lower()
    if low in _IRREGULAR:
        return _cased(word, _IRREGULAR[low])
    if not low.endswith("s") or _SINGULAR.search(low):
        return word
    if low.endswith("ies") and len(low) > 4:
        return f"{word[:-3]}y"
    if low.endswith(("sses", "shes", "ches", "xes", "zzes", "aliases", "canvases")):
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """Many of what a word names; the word itself where it is many already."""
    head, last = word[: -len(_last(word))], _last(word)
    if singular(last) != last or last.lower().endswith(("ics", "series", "news", "data")):
        return word
    for many, one in _IRREGULAR.items():
        if last.lower() == one:
            return head + _cased(last, many)
    if last.lower().endswith("y") and last[-2:-1].lower() not in "aeiou":
        return f"{head}{last[:-1]}ies"
    if last.lower().endswith(("s", "sh", "ch", "x", "z")):
        return f"{head}{last}es"
    return f"{word}s"


def _last(word: str) -> str:
    found = re.findall(r"[^\W_]+$", word)
    return found[0] if found else word


def _cased(like: str, word: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


class Words:
    """English as sqlacodegen asks for it (inflect's interface), by the few rules above.

    inflect itself makes ``LegalBasi`` of ``LegalBasis`` and ``childrens`` of ``children``.
    """

    def singular_noun(self, text: str) -> str | bool:
        """One of these, False where the text is no plural."""
        last = _last(text)
        one = singular(last)
        return text[: -len(last)] + one if last and one != last else False

    def plural_noun(self, text: str) -> str:
        """Many of these."""
        return plural(text)


def unique_classes(named: Iterable[tuple[str, str]], taken: Collection[str]) -> list[str]:
    """Class names of (schema, table), in their order: a second one of a name gets its schema before it."""
    found: list[str] = []
    for schema, table in named:
        name = class_name(table)
        if name in found and schema:
            name = class_name(f"{schema}_{table}")
        found.append(free(name, found, taken))
    return found
