"""What ``validate`` asks of a ``.go`` migration: one ``init`` that registers one pair of functions.

This is no Go compiler: the package clause, the top-level declarations and the statements of ``init`` are
read, everything else only has to have balanced brackets. What passes here can still be refused by Go.
"""

from __future__ import annotations

from greylag.migrations.go_tokens import KEYWORDS, GoSyntaxError, Token, fail, tokens
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_REGISTRARS = {
    "AddMigration": True,
    "AddMigrationNoTx": False,
    "AddMigrationContext": True,
    "AddMigrationNoTxContext": False,
}
"""The functions that register a migration, and whether it runs in a transaction."""

_STATEMENTS = KEYWORDS - {"func", "interface", "map", "struct"}
"""Keywords that cannot stand in the expression a call is made on."""

_CLOSING = {"(": ")", "[": "]", "{": "}"}


class GoFileError(Exception):
    """The file registers nothing usable; the text is goose's."""


class GoMigration(NamedTuple):
    """The names of the registered functions; ``nil`` where there is none."""

    transactional: bool
    up: str
    down: str


def read_go(data: bytes) -> GoMigration:
    """What the ``init`` function of a file registers. Raises GoFileError, GoSyntaxError."""
    reader = _Reader(tokens(data.decode("utf-8", "surrogateescape")))
    body: list[Token] | None = None
    found = False
    for name, declared in reader.functions():
        if name == "init" and not found:
            found, body = True, declared
    if not found:
        raise GoFileError("no init function")
    return _registered(body)


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.position = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def expect(self, text: str) -> None:
        if self.token.text != text:
            raise fail(self.token, f"'{text}'")
        self.position += 1

    def name(self) -> str:
        if self.token.kind != "word":
            raise fail(self.token, "'IDENT'")
        self.position += 1
        return self.tokens[self.position - 1].text

    def end(self) -> None:
        if self.token.text in (";", "\n"):
            self.position += 1
        elif self.token.kind != "EOF":
            raise GoSyntaxError(
                f"{self.token.line}:{self.token.column}: expected ';', found {self.token.found()}"
            )

    def functions(self) -> Iterator[tuple[str, list[Token] | None]]:
        """Every function declared at the top level with the tokens of its body."""
        self.expect("package")
        self.name()
        self.end()
        imports = True
        while self.token.kind != "EOF":
            token = self.token
            if token.text in (";", "\n"):
                self.position += 1
                continue
            if token.kind != "keyword" or token.text not in ("import", "const", "var", "type", "func"):
                raise fail(token, "declaration")
            if token.text == "import" and not imports:
                raise GoSyntaxError(
                    f"{token.line}:{token.column}: imports must appear before other declarations"
                )
            imports = token.text == "import"
            self.position += 1
            if token.text == "func":
                yield self.function()
            else:
                self.until_end()
            self.end()

    def function(self) -> tuple[str, list[Token] | None]:
        if self.token.text == "(":
            self.group()
        name = self.name()
        if self.token.text == "[":
            self.group()
        if self.token.text != "(":
            raise fail(self.token, "'('")
        self.group()
        while self.token.text not in ("{", ";", "\n", "EOF"):
            previous = self.token.text
            if previous in _CLOSING:
                self.group()
            else:
                self.position += 1
            if previous in ("interface", "struct") and self.token.text == "{":
                self.group()
        return name, self.group() if self.token.text == "{" else None

    def until_end(self) -> None:
        while self.token.text not in (";", "\n", "EOF"):
            if self.token.text in _CLOSING:
                self.group()
            elif self.token.text in _CLOSING.values():
                raise fail(self.token, "';'")
            else:
                self.position += 1

    def group(self) -> list[Token]:
        """Pass a bracket with all it holds; give the tokens inside."""
        waiting = [_CLOSING[self.token.text]]
        start = self.position + 1
        while waiting:
            self.position += 1
            token = self.token
            previous = self.tokens[self.position - 1]
            if previous.text == "func" and token.kind == "word":  # a brace is missing above
                raise fail(token, "'('")
            if token.text in _CLOSING and token.kind == "sign":
                waiting.append(_CLOSING[token.text])
            elif token.kind == "EOF" or (token.kind == "sign" and token.text in _CLOSING.values()):
                if token.text != waiting[-1]:
                    raise fail(token, f"'{waiting[-1]}'")
                waiting.pop()
        self.position += 1
        return self.tokens[start : self.position - 1]


def _split(body: Sequence[Token], separators: tuple[str, ...]) -> Iterator[list[Token]]:
    """The stretches of tokens between separators that stand in no bracket."""
    depth = 0
    part: list[Token] = []
    for token in body:
        if depth == 0 and token.text in separators:
            yield part
            part = []
            continue
        part.append(token)
        if token.kind == "sign":
            depth += (token.text in _CLOSING) - (token.text in _CLOSING.values())
    if part:
        yield part


def _registered(body: list[Token] | None) -> GoMigration:
    if body is None:
        raise GoFileError("no function body")
    if not body:
        raise GoFileError("no registered goose functions")
    previous, found = "", None
    for statement in _split(body, (";", "\n")):
        name, arguments = _method_call(statement)
        if name not in _REGISTRARS:
            continue
        if previous:
            raise GoFileError(f"found duplicate registered functions:\nprevious: {previous}\ncurrent: {name}")
        previous = name
        if len(arguments) != 2:
            raise GoFileError(f"registered goose functions have 2 arguments: got {len(arguments)}")
        up, down = (_identifier(argument) for argument in arguments)
        found = GoMigration(_REGISTRARS[name], up, down)
    if found is None:
        raise GoFileError(f"goose register function must be one of: {', '.join(_REGISTRARS)}")
    return found


def _method_call(statement: list[Token]) -> tuple[str, list[list[Token]]]:
    """Name and arguments of a statement ``x.Name(…)``; an empty name for any other."""
    if len(statement) < 4 or statement[-1].text != ")":
        return "", []
    depth, opening = 0, 0
    for index in range(len(statement) - 1, -1, -1):
        token = statement[index]
        if token.kind == "sign":
            depth += (token.text in _CLOSING.values()) - (token.text in _CLOSING)
        if depth == 0:
            if not opening:
                opening = index
            elif token.text in _STATEMENTS or (token.kind == "sign" and token.text not in (".", *_CLOSING)):
                return "", []
    if opening < 3 or statement[opening].text != "(" or statement[opening - 2].text != ".":
        return "", []
    arguments = list(_split(statement[opening + 1 : -1], (",",)))
    return statement[opening - 1].text, [argument for argument in arguments if _solid(argument)]


def _solid(argument: list[Token]) -> list[Token]:
    return [token for token in argument if token.text not in ("\n", "...")]


def _identifier(argument: list[Token]) -> str:
    solid = _solid(argument)
    if len(solid) != 1 or solid[0].kind != "word":
        raise GoFileError("failed to assert argument identifier: got *ast.Ident")
    return solid[0].text
