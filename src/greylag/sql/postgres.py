"""PostgreSQL's own parser: a text as commands, and what is read off every kind of command.

The parser is that of PostgreSQL 18; its tree is taken as JSON, which costs a twentieth of its Python form.
"""

from __future__ import annotations

import re

from greylag.sql.grammar import parse_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    Node = dict[str, Any]
    """A node of the parse tree: fields by name. A field that is 0, false or empty is left out."""
    Command = tuple[str, Node]
    """The name of a node (``CreateStmt``) and its fields."""

# Said by what is not in it: ranges up to the last character take milliseconds to compile.
_PLAIN_NAME = re.compile(r"[^\x00-^`{-\x7f][^\x00-#%-/:-^`{-\x7f]*")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONSTANTS = ("sval", "ival", "fval", "boolval")
_FALSE = frozenset(("", "false", "off", "0", "no", "none"))


def commands(text: str) -> list[Command] | None:
    """The commands of ``text``: none where the parser refuses it, None where its tree is too deep to read."""
    import json

    # bytes that are no UTF-8 become letters, which they are to PostgreSQL
    sql = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()
    if b"\0" in sql:
        return []
    parsed = parse_json(sql)
    try:
        tree = {} if parsed is None else json.loads(parsed.decode())
    except ValueError:
        return []
    except RecursionError:  # a sum of some hundred terms
        return None
    return [split(statement["stmt"]) for statement in tree.get("stmts", ()) if statement.get("stmt")]


def split(node: Node) -> Command:
    """The name and the fields of a node that stands in a field of any type."""
    ((kind, fields),) = node.items()
    return kind, fields


def name_of(relation: Node | None) -> str:
    """A relation as SQL names it: qualified as in the text, in quotes only where it needs them."""
    if not relation:
        return ""
    return qualified(relation[key] for key in ("catalogname", "schemaname", "relname") if key in relation)


def qualified(parts: Iterable[str]) -> str:
    """A name in SQL from the parts of it that the catalog holds."""
    return ".".join(
        part if _PLAIN_NAME.fullmatch(part) else '"' + part.replace('"', '""') + '"' for part in parts
    )


def words(node: Node) -> list[str]:
    """The parts of a name of several parts: a List of Strings, or one String."""
    kind, fields = split(node)
    if kind == "String":
        return [fields.get("sval", "")]
    return [part["String"].get("sval", "") for part in fields.get("items", ()) if "String" in part]


def option(node: Node, field: str, name: str) -> bool | None:
    """What a list of options says of ``name``: True where it stands alone; None where it does not stand."""
    for entry in node.get(field, ()):
        fields = entry.get("DefElem", {})
        if fields.get("defname") == name:
            return "arg" not in fields or value(fields["arg"]).lower() not in _FALSE
    return None


def value(node: Node) -> str:
    """A constant as text; empty for anything else, and for 0, false and the empty string."""
    kind, fields = split(node)
    if kind == "TypeCast":
        return value(fields["arg"])
    if kind == "A_Const":
        fields = next((fields[key] for key in _CONSTANTS if key in fields), {})
    return next((str(fields[key]) for key in _CONSTANTS if key in fields), "")


def walk(node: Node) -> Iterator[Command]:
    """Every node inside ``node`` that has a name, in no order worth knowing."""
    rest: list[object] = [node]
    while rest:
        current = rest.pop()
        if isinstance(current, list):
            rest += current
        elif isinstance(current, dict):
            for kind, fields in current.items():
                if isinstance(fields, dict) and kind[:1].isupper():
                    yield kind, fields
                if isinstance(fields, (dict, list)):
                    rest.append(fields)
