"""package.json with the script that leads ``pnpm prisma`` to greylag; every other byte stays as it is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

NAME, COMMAND = "prisma", "greylag prisma"
_DEPENDENCIES = ("dependencies", "devDependencies", "optionalDependencies")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]')


def with_script(text: str) -> str:
    """The text with ``"prisma": "greylag prisma"`` among the scripts.

    It is the same text where the package does not depend on Prisma, has a script of that name already, or is
    no JSON that can be added to.
    """
    try:
        before = json.loads(text)
    except ValueError:
        return text
    if not isinstance(before, dict) or not _depends(before):
        return text
    scripts = before.get("scripts", {})
    if not isinstance(scripts, dict) or NAME in scripts:
        return text
    after = _added(text, filled=bool(scripts))
    wanted = {**before, "scripts": {**scripts, NAME: COMMAND}}
    # what this cannot add to, such as a key that is there twice, is left alone
    return after if after is not None and _read(after) == wanted else text


def _depends(package: dict[str, Any]) -> bool:
    groups = (package.get(each) for each in _DEPENDENCIES)
    return any(isinstance(group, dict) and NAME in group for group in groups)


def _added(text: str, *, filled: bool) -> str | None:
    places = _members(text)
    line_end = "\r\n" if "\r\n" in text else "\n"
    member = f"{json.dumps(NAME)}: {json.dumps(COMMAND)}"
    if "scripts" in places:
        _, start, end = places["scripts"]
        inside = text[start + 1 : end - 1]
        if filled:
            gap = inside[: len(inside) - len(inside.lstrip())]
            last = end - 1 - (len(inside) - len(inside.rstrip()))
            return f"{text[:last]},{gap or ' '}{member}{text[last:]}"
        outer = _indent(text, places["scripts"][0])
        if outer is None:
            return f"{text[: start + 1]}{member}{text[end - 1 :]}"
        return f"{text[: start + 1]}{line_end}{outer * 2}{member}{line_end}{outer}{text[end - 1 :]}"
    key = next((places[each][0] for each in _DEPENDENCIES if each in places), None)
    if key is None:
        return None
    outer = _indent(text, key)
    if outer is None:
        return f'{text[:key]}"scripts": {{{member}}}, {text[key:]}'
    scripts = f'"scripts": {{{line_end}{outer * 2}{member}{line_end}{outer}}},{line_end}{outer}'
    return f"{text[:key]}{scripts}{text[key:]}"


def _members(text: str) -> dict[str, tuple[int, int, int]]:
    """The members of the outermost object that are objects: where the key is, and the value's braces."""
    found: dict[str, tuple[int, int, int]] = {}
    depth = 0
    key: tuple[str, int] | None = None
    opened = 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "{[":
            depth += 1
            opened = token.start() if depth == 2 else opened
        elif mark in "}]":
            depth -= 1
            if depth == 1 and key is not None and mark == "}":
                found.setdefault(key[0], (key[1], opened, token.end()))
        elif depth == 1 and mark == ",":
            key = None
        elif depth == 1 and key is None and mark[0] == '"':
            key = json.loads(mark), token.start()
    return found


def _indent(text: str, place: int) -> str | None:
    """The blanks in front of a place where it begins its line; None where it does not."""
    before = text[text.rfind("\n", 0, place) + 1 : place]
    return before if "\n" in text[:place] and not before.strip() else None


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
