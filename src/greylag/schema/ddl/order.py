"""An order in which statements can be run: what a text names is made before it."""

from __future__ import annotations

import re

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r'"(?:[^"]|"")+"|[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*|[-+*/<>=~!@#%^&|`?]+')


class Piece(NamedTuple):
    """A group of statements that make one object, ``name`` in its schema.

    ``rank`` and ``key`` say where it stands as long as nothing it needs stands behind it. ``needs`` are
    further names it stands on.
    """

    rank: int
    key: tuple[str, ...]
    name: str
    statements: tuple[str, ...]
    needs: tuple[str, ...] = ()


def ordered(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces by rank and key, but each behind those whose names it mentions.

    A mention is a word of the text: PostgreSQL's catalog of dependencies is not at hand here, and a name in a
    string or a comment that is taken for one costs nothing but the alphabetical order. In a circle what has
    the higher rank comes later (a column called as a view is); else it is broken where it is first met.
    """
    waiting = sorted(pieces, key=lambda piece: (piece.rank, piece.key))
    makers: dict[str, list[int]] = {}
    for number, piece in enumerate(waiting):
        makers.setdefault(piece.name, []).append(number)
    needs = [
        {maker for word in _words(piece) for maker in makers.get(word, ()) if maker != number}
        for number, piece in enumerate(waiting)
    ]
    for number, piece in enumerate(waiting):
        higher = {each for each in needs[number] if waiting[each].rank > piece.rank}
        needs[number] -= {each for each in higher if _reaches(needs, each, number)}
    done: list[Piece] = []
    state = [0] * len(waiting)

    def visit(start: int) -> None:
        stack = [(start, iter(sorted(needs[start])))]
        state[start] = 1
        while stack:
            number, rest = stack[-1]
            following = next((each for each in rest if state[each] == 0), None)
            if following is None:
                done.append(waiting[number])
                stack.pop()
            else:
                state[following] = 1
                stack.append((following, iter(sorted(needs[following]))))

    for number in range(len(waiting)):
        if state[number] == 0:
            visit(number)
    return done


def _reaches(needs: list[set[int]], start: int, end: int) -> bool:
    """Whether what a piece needs, and what that needs, comes to another piece."""
    met, waiting = {start}, [start]
    while waiting:
        fresh = needs[waiting.pop()] - met
        if end in fresh:
            return True
        met |= fresh
        waiting += fresh
    return False


def _words(piece: Piece) -> set[str]:
    found = set(piece.needs)
    for statement in piece.statements:
        for word in _WORD.findall(statement):
            found.add(word[1:-1].replace('""', '"') if word[0] == '"' else word)
    return found
