"""TTL clauses as the server prints them: which rows go, by which column, after how long."""

from __future__ import annotations

import re

from greylag.databases.clickhouse.catalog.clauses import bracketed, clauses, pieces, split, unwrapped
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    Action = Literal["delete", "group by", "move", "recompress"]
else:
    Action = str

_ACTIONS: dict[str, Action] = {
    "GROUP BY": "group by",
    "TO DISK": "move",
    "TO VOLUME": "move",
    "RECOMPRESS": "recompress",
}
_CLAUSES = (*_ACTIONS, "WHERE", "DELETE")
_MONTHS = {"Month": 1, "Quarter": 3, "Year": 12}
_SECONDS = {"Second": 1, "Minute": 60, "Hour": 3600, "Day": 86400, "Week": 604800}
_INTERVAL = re.compile(r"toInterval(\w+)\((.*)\)", re.DOTALL)
_ADD = re.compile(r"(add|subtract)(\w+?)s\((.*)\)", re.DOTALL)
_PRODUCT = re.compile(r"'?-?\d+'?(?: \* -?\d+)*")


class Element(NamedTuple):
    """One element of a TTL: at ``expression`` rows (of ``condition``, if there is one) meet ``action``.

    The expression is ``base`` and a length: ``months`` (None where it cannot be told), ``seconds``, and
    ``plain``, a bare number, which means days for a Date and seconds for a DateTime.
    """

    text: str
    action: Action
    expression: str
    condition: str = ""
    base: str = ""
    months: int | None = None
    seconds: int = 0
    plain: int = 0

    @property
    def deletes(self) -> bool:
        """Whether it deletes rows, all of them in the end."""
        return self.action == "delete" and not self.condition


def read_ttl(text: str) -> list[Element]:
    """The elements of a table's or column's TTL, in their order."""
    return [_element(item) for item in _items(text)]


def _items(text: str) -> list[str]:
    """GROUP BY has commas of its own: between its keys, and between what is SET behind it."""
    items: list[str] = []
    grouping = False
    for item in split(text):
        if grouping and (" SET " not in f" {items[-1]} " or _assigns(item)):
            items[-1] += f", {item}"
        else:
            items.append(item)
        grouping = "GROUP BY" in clauses(items[-1], ("GROUP BY",))
    return items


def _assigns(item: str) -> bool:
    return any(piece.depth == 0 and piece.text == "=" for piece in pieces(item)) and "WHERE" not in item


def _element(text: str) -> Element:
    found = clauses(text, _CLAUSES)
    action: Action = next((_ACTIONS[name] for name in _ACTIONS if name in found), "delete")
    expression = found[""]
    element = Element(text, action, expression, found.get("WHERE", ""))
    try:
        base, months, seconds, plain = _read(expression)
    except ValueError:
        return element
    return element._replace(base=base, months=months, seconds=seconds, plain=plain)


def _read(expression: str) -> tuple[str, int, int, int]:
    """Base, months, seconds and the bare number. Raises ValueError for a sum with two bases, or with none."""
    base = ""
    months = seconds = plain = 0
    for sign, term in _terms(expression):
        if interval := _INTERVAL.fullmatch(term):
            of, number = interval[1], sign * _number(interval[2])
            months, seconds = months + _MONTHS.get(of, 0) * number, seconds + _SECONDS.get(of, 0) * number
            if of not in _MONTHS and of not in _SECONDS:
                raise ValueError(term)
        elif _PRODUCT.fullmatch(unwrapped(term)):
            plain += sign * _number(unwrapped(term))
        elif base:
            raise ValueError(expression)
        else:
            base = term
    if not base:
        raise ValueError(expression)
    return base, months, seconds, plain


def _terms(expression: str) -> Iterator[tuple[int, str]]:
    """The terms of a sum with their signs; functions that add are sums too."""
    inner = unwrapped(expression.strip())
    if (added := _ADD.fullmatch(inner)) and bracketed(inner)[2] == "":
        of, number = split(added[3])
        sign = 1 if added[1] == "add" else -1
        yield from _terms(of)
        yield sign, f"toInterval{added[2]}({number})"
        return
    before, within, behind = bracketed(inner)
    if before in ("plus", "minus") and not behind:
        left, right = split(within)
        yield from _terms(left)
        yield from ((sign if before == "plus" else -sign, term) for sign, term in _terms(right))
        return
    operators = [
        piece
        for piece in pieces(inner)
        if piece.depth == 0
        and piece.text in "+-"
        and inner[piece.start - 1 : piece.end + 1] == f" {piece.text} "
    ]
    if not operators:
        yield 1, inner
        return
    last = operators[-1]
    yield from _terms(inner[: last.start])
    turn = 1 if last.text == "+" else -1
    yield from ((turn * sign, term) for sign, term in _terms(inner[last.end :]))


def _number(text: str) -> int:
    """A whole number, maybe in quotes, or a product of some. Raises ValueError."""
    text = text.strip()
    if not _PRODUCT.fullmatch(text):
        raise ValueError(text)
    product = 1
    for factor in text.replace("'", "").split(" * "):
        product *= int(factor)
    return product
