"""Reading a statement's tokens from left to right."""

from __future__ import annotations

from greylag.sql.clickhouse.tokens import Token, bare, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_END = Token("end", "", -1)


class Cursor:
    """A place in a statement. Words are compared without regard to case; quoted names are no words."""

    def __init__(self, text: str) -> None:
        self._tokens: list[Token] = []
        self._at = 0
        for token in tokens(text):
            if token.text != ";":
                self._tokens.append(token)
            # the rows of an INSERT tell nothing, and there may be megabytes of them
            if token.text.upper() in ("VALUES", "FORMAT") and self._tokens[0].text.upper() == "INSERT":
                break

    @property
    def next(self) -> Token:
        """The token that comes; one of kind ``end`` behind the last."""
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def word(self) -> str:
        """The word that comes, in capitals; empty where something else does."""
        return self.next.text.upper() if self.next.kind == "word" else ""

    def take(self) -> Token:
        """The token that comes, which is passed."""
        token = self.next
        self._at += 1
        return token

    def accept(self, *words: str) -> bool:
        """Pass these words if they come next, all of them."""
        ahead = self._tokens[self._at : self._at + len(words)]
        if [token.text.upper() for token in ahead if token.kind in ("word", "sign")] != list(words):
            return False
        self._at += len(words)
        return True

    def first(self, *choices: str) -> str:
        """Pass the first of these (words with blanks between) that comes next; empty for none."""
        return next((choice for choice in choices if self.accept(*choice.split())), "")

    def name(self) -> str:
        """Pass a name; empty where none comes."""
        return bare(self.take()) if self.next.kind in ("word", "name") else ""

    def qualified(self) -> tuple[str, str]:
        """Pass a name that may have a database in front: database (or empty) and name."""
        first = self.name()
        if self.accept("."):
            return first, self.name()
        return "", first

    def dotted(self) -> str:
        """Pass a column's name, which may have parts (``nested.part``)."""
        parts = [self.name()]
        while self.accept("."):
            parts.append(self.name())
        return ".".join(parts)

    def skip_item(self) -> None:
        """Pass everything up to the next comma outside brackets, or to the end."""
        depth = 0
        while self.next.kind != "end" and not (depth == 0 and self.next.text == ","):
            depth += _step(self.take())

    def rest(self) -> Iterator[tuple[int, Token]]:
        """What is left, with the depth of brackets each token stands in. Passes nothing."""
        depth = 0
        for token in self._tokens[self._at :]:
            depth += min(0, _step(token))
            yield depth, token
            depth += max(0, _step(token))


def _step(token: Token) -> int:
    if token.kind != "sign":
        return 0
    return (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
