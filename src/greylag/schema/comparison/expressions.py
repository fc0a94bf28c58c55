"""SQL that PostgreSQL prints in two ways though it means one thing.

A default or a check that went through a dump, or through a Down that was copied from ``psql``, is stored as
another tree than the one first written: ``(ARRAY['a'::character varying])::text[]`` comes back as
``ARRAY[('a'::character varying)::text]``, ``'a'::character varying`` as ``'a'::text``. Neither is a
difference anybody can see in the data.
"""

from __future__ import annotations

import re

_LITERAL = r"'(?:[^']|'')*'"
_TEXT_TYPE = r"(?:text|character varying|bpchar|character)(?:\(\d+\))?"

_ELEMENTS = rf"((?:\(?{_LITERAL}::{_TEXT_TYPE}\)?(?:::text)?(?:, )?)+)"
_CAST_ARRAY = re.compile(rf"\(ARRAY\[{_ELEMENTS}\]\)::text\[\]|ARRAY\[{_ELEMENTS}\]")
_CAST_ELEMENT = re.compile(rf"\(?({_LITERAL})::{_TEXT_TYPE}\)?(?:::text)?")
_CAST_LITERAL = re.compile(rf"^\(*({_LITERAL})(?:::{_TEXT_TYPE})\)*(?:::{_TEXT_TYPE})*$")
_NUMBER_TYPE = r"(?:smallint|integer|bigint|numeric(?:\(\d+,\d+\))?|real|double precision)"
_CAST_NUMBER = re.compile(rf"^\(*'?(-?\d+(?:\.\d+)?)'?\)*(?:::{_NUMBER_TYPE})*\)*$")


def settled(expression: str) -> str:
    """An expression or definition with lists of text spelt in one way."""
    return _CAST_ARRAY.sub(_plain_array, expression) if "ARRAY[" in expression else expression


def settled_default(expression: str | None, type_text: str) -> str | None:
    """A default, a lone text or number without the cast to the family of its column's own type."""
    if expression is None:
        return None
    family = type_text.split("(", 1)[0]
    if family in _TEXTS and (match := _CAST_LITERAL.match(expression)):
        return match[1]
    if family in _NUMBERS and (match := _CAST_NUMBER.match(expression)):
        return match[1]
    return settled(expression)


_TEXTS = frozenset({"text", "character varying", "character"})
_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"})


def _plain_array(match: re.Match[str]) -> str:
    return f"ARRAY[{_CAST_ELEMENT.sub(lambda element: element[1], match[1] or match[2])}]"
