"""A unit of a migration file as SQLite takes it: statement by statement, read on where the last one ended."""

from __future__ import annotations

import sqlite3

from greylag.model.quoting import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Values = tuple[int, ...]

# The tokens of https://www.sqlite.org/draft/tokenreq.html that can hide a semicolon, and parameters.
_TOKENS = (
    r"(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<literal>'(?:[^']|'')*(?:'|\Z))"
    r'|(?P<name>"(?:[^"]|"")*(?:"|\Z)|`(?:[^`]|``)*(?:`|\Z)|\[[^\]]*(?:\]|\Z))'
    r"|(?P<parameter>\?[0-9]*|[$@:\#](?:[\w$]|::)+(?:\([^)\s]*\))?)"
    r"|(?P<word>[\w$]+)"
    r"|(?P<end>;)"
)


class UnsendableError(Exception):
    """A statement that asks for values nobody gave, or that Python's sqlite3 cannot take."""


class PieceError(Exception):
    """A statement of a unit failed with ``cause``; ``start`` is where it begins in the unit (from 0)."""

    def __init__(self, cause: Exception, start: int = 0) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.start = start


def run_unit(connection: sqlite3.Connection, text: str, values: Values = ()) -> None:
    """Run all statements of ``text`` and read their rows away. Raises PieceError."""
    text = text.partition("\0")[0]  # the library reads up to the first NUL
    try:
        _run(connection, text, values)
    except (sqlite3.ProgrammingError, UnicodeEncodeError) as error:
        if hasattr(error, "sqlite_errorcode"):
            raise PieceError(error) from error
        # Python's own refusal (several statements, parameters, stray bytes), made before anything ran
        _run_pieces(connection, text, values)
    except (sqlite3.Error, MemoryError) as error:
        raise PieceError(error) from error


def _run(connection: sqlite3.Connection, text: str, values: Values) -> None:
    for _ in connection.execute(text, values):
        pass


def _run_pieces(connection: sqlite3.Connection, text: str, values: Values) -> None:
    readable = _without_stray_bytes(text)
    start = 0
    for end in _ends(readable):
        if end < len(text) and not sqlite3.complete_statement(readable[start:end]):
            continue
        try:
            _run_piece(connection, text[start:end], values)
        except sqlite3.OperationalError as error:
            if end < len(text) and str(error) == "incomplete input":
                continue
            raise PieceError(error, start) from error
        except (sqlite3.Error, MemoryError, UnsendableError) as error:
            raise PieceError(error, start) from error
        start = end


def _run_piece(connection: sqlite3.Connection, text: str, values: Values) -> None:
    tokens = list(_tokens(text))
    numbers = _parameters(tokens)
    if len(numbers) > len(values):
        missing = numbers.get(len(values) + 1, "")
        raise UnsendableError(
            f"missing named argument {quote(missing[1:])}"
            if missing
            else f"missing argument with index {len(values) + 1}"
        )
    _run(connection, _sendable(text, tokens), values[: len(numbers)])


Token = tuple[str, str, int]
"""Kind (a group of the pattern), text, and where it begins."""


def _tokens(text: str) -> Iterator[Token]:
    import re

    for match in re.finditer(_TOKENS, text, re.DOTALL):
        yield match.lastgroup or "", match[0], match.start()


def _ends(text: str) -> Iterator[int]:
    """Where statements may end: behind semicolons outside literals, names and comments, and at last."""
    end = 0
    for kind, _, start in _tokens(text):
        if kind == "end":
            end = start + 1
            yield end
    if end < len(text):
        yield len(text)


def _parameters(tokens: Sequence[Token]) -> dict[int, str]:
    """The parameters SQLite numbers in a statement: number (without gaps) to name, empty for a bare ``?``."""
    names: dict[int, str] = {}
    for kind, word, _ in tokens:
        if kind != "parameter" or word in names.values():
            continue
        if word[1:].isdigit() and word[0] == "?":
            names[int(word[1:])] = word
        else:
            names[max(names, default=0) + 1] = "" if word == "?" else word
    return {number: names.get(number, "") for number in range(1, max(names, default=0) + 1)}


def _is_stray(character: str) -> bool:
    return "\udc80" <= character <= "\udcff"


def _without_stray_bytes(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _sendable(text: str, tokens: Sequence[Token]) -> str:
    """Spell out bytes that are not UTF-8: Python hands SQLite nothing else, while goose passes them through.

    In comments they become question marks; a literal becomes a cast of the same bytes, except where SQLite
    stores the statement's own text. Raises UnsendableError.
    """
    if not any(map(_is_stray, text)):
        return text
    first_word = next((word.upper() for kind, word, _ in tokens if kind == "word"), "")
    done: list[str] = []
    last = 0
    for kind, word, start in tokens:
        done.append(text[last:start])
        last = start + len(word)
        if kind == "comment":
            done.append(_without_stray_bytes(word))
        elif kind == "literal" and any(map(_is_stray, word)) and first_word not in ("CREATE", "ALTER"):
            content = word[1:-1].replace("''", "'").encode("utf-8", "surrogateescape")
            done.append(f"CAST(x'{content.hex()}' AS TEXT)")
        else:
            done.append(word)
    sent = "".join((*done, text[last:]))
    if any(map(_is_stray, sent)):
        raise UnsendableError(
            "the statement holds bytes that are not UTF-8, which Python cannot hand to SQLite"
        )
    return sent


def locate(text: str, start: int, message: str) -> int:
    """Where in a unit (from 1) a failure lies: the one word the message names, or else its statement."""
    tokens = [token for token in _tokens(text[start:]) if token[0] != "comment"]
    named = message.rpartition(": ")[2]
    if message.startswith(('near "', 'unrecognized token: "')):
        named = message.partition('"')[2].rpartition('"')[0]
    places = [place for _, word, place in tokens if word.strip('"`[]').lower() == named.lower()]
    place = places[0] if len(places) == 1 else (tokens[0][2] if tokens else 0)
    return start + place + 1
