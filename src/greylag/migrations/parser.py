"""goose's line parser: a file and a direction to statements.

The rules and the wording are goose's (reference: its sqlparser package, v3.27.3), faults included: an
empty StatementBegin block swallows the line after it, CRLF inside a literal becomes LF, a ``;`` at the end
of a line ends a statement even inside a literal.
"""

from __future__ import annotations

import os

from greylag.errors import ParseError
from greylag.model.location import Location
from greylag.model.migration import Script, Statement
from greylag.model.quoting import quote
from greylag.model.reasons import reason_of
from greylag.model.records import NamedTuple
from greylag.model.spaces import SPACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from greylag.model.migration import Direction, Migration

GOOSE_LINE_LIMIT = 4 * 1024 * 1024
"""Bytes; goose refuses a line of this length or more (the buffer of its scanner)."""

STREAM_ABOVE = 8 * 1024 * 1024
"""Bytes; a larger file is read twice (validate, then stream) instead of held in memory."""

_SEE = "see https://github.com/pressly/goose#sql-migrations"
_GREY, _RESET = "\033[90m", "\033[00m"

# The numbers are goose's: they stand in its messages.
_START, _UP, _BEGIN_UP, _END_UP, _DOWN, _BEGIN_DOWN, _END_DOWN = range(7)

_ANNOTATIONS = ("Up", "Down", "StatementBegin", "StatementEnd", "NO TRANSACTION", "ENVSUB ON", "ENVSUB OFF")
_FOLDED = {name.casefold(): name for name in _ANNOTATIONS}

_HINTS = {
    "leading": "write the annotation at the very start of the line",
    "prose": "only annotations may hold the word +goose in a comment; word this comment differently",
    "semicolon": "end the statement with ; at the end of a line, or put it between "
    "'-- +goose StatementBegin' and '-- +goose StatementEnd'",
    "up": "the first line of a migration is '-- +goose Up'; its way back follows '-- +goose Down'",
    "block": "every '-- +goose StatementBegin' needs a '-- +goose StatementEnd' on a line of its own",
    "bom": "the file starts with a byte order mark, which hides the annotation: save it as UTF-8 without one",
    "limit": "goose refuses lines of 4 MiB and more; break the line, or apply the file with greylag up",
}


def _environment(name: str) -> str | None:
    return os.environ.get(name)


class ParseOptions(NamedTuple):
    """How to read files: ``line_limit`` in bytes (None: any length), variables for ENVSUB, -v's listener."""

    line_limit: int | None = GOOSE_LINE_LIMIT
    lookup: Callable[[str], str | None] = _environment
    trace: Callable[[str], None] | None = None


class _RuleError(Exception):
    """A broken rule: the message in goose's words, the line it is about, the key of a hint."""

    def __init__(self, message: str, line: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.hint = hint


def parse(migration: Migration, direction: Direction, options: ParseOptions | None = None) -> Script:
    """Read a migration for one direction. Raises ParseError; nothing else escapes.

    A file above STREAM_ABOVE is validated here and read again while its statements are taken.
    """
    chosen = options or ParseOptions()
    try:
        size = os.stat(migration.path).st_size
        if size > STREAM_ABOVE:
            return _parse_large(migration, direction, chosen, size)
        with open(migration.path, "rb") as file:
            content = file.read()
    except _RuleError as fault:
        raise _error(migration, fault) from None
    except IsADirectoryError:
        raise ParseError(
            f"failed to scan migration: read {migration.path}: is a directory", migration=migration
        ) from None
    except OSError as error:
        raise ParseError(
            f"open {migration.path}: {reason_of(error)}",
            migration=migration,
            opened=False,
            where=Location(migration.path),
        ) from None
    return parse_content(migration, direction, content, chosen)


def parse_content(
    migration: Migration, direction: Direction, content: bytes, options: ParseOptions | None = None
) -> Script:
    """As parse(), for a file whose bytes are at hand: it need not exist any more. Raises ParseError."""
    chosen = options or ParseOptions()
    reader = _Reader(direction, chosen)
    try:
        statements = list(reader.read(_lines(content, chosen.line_limit)))
    except _RuleError as fault:
        raise _error(migration, fault) from None
    from greylag.sql.units import is_plain  # its patterns are for runs that apply something

    plain = all(is_plain(statement.text) for statement in statements)
    return Script(
        migration, direction, statements, len(statements), reader.transactional, plain, len(content)
    )


def _error(migration: Migration, fault: _RuleError) -> ParseError:
    where = Location(migration.path, fault.line, 1 if fault.line else 0)
    return ParseError(fault.message, migration=migration, where=where, hint=_HINTS.get(fault.hint))


class _Streamed:
    """Statements of a large file, read from disk each time they are asked for."""

    def __init__(self, path: str, direction: Direction, options: ParseOptions) -> None:
        self._path = path
        self._direction = direction
        self._options = options

    def __iter__(self) -> Iterator[Statement]:
        with open(self._path, "rb") as file:
            yield from _Reader(self._direction, self._options).read(
                _file_lines(file, self._options.line_limit)
            )


def _parse_large(migration: Migration, direction: Direction, options: ParseOptions, size: int) -> Script:
    from greylag.sql.units import is_plain

    reader = _Reader(direction, options)
    count, plain = 0, True
    with open(migration.path, "rb") as file:
        for statement in reader.read(_file_lines(file, options.line_limit)):
            count += 1
            plain = plain and is_plain(statement.text)
    silent = options._replace(trace=None)  # the first pass has told -v everything
    streamed = _Streamed(migration.path, direction, silent)
    return Script(migration, direction, streamed, count, reader.transactional, plain, size)


def _too_long(line: int) -> _RuleError:
    return _RuleError("failed to scan migration: bufio.Scanner: token too long", line, "limit")


def _lines(content: bytes, limit: int | None) -> Iterator[str]:
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    if not lines[-1]:
        lines.pop()
    check = limit is not None and len(content) >= limit
    for number, line in enumerate(lines, 1):
        if check and limit is not None and len(line.encode("utf-8", "surrogateescape")) >= limit:
            raise _too_long(number)
        yield line.removesuffix("\r")


def _file_lines(file: Iterable[bytes], limit: int | None) -> Iterator[str]:
    readline = file.readline  # type: ignore[attr-defined]  # typed as what parse() needs of a file
    number = 0
    while raw := readline() if limit is None else readline(limit + 1):
        number += 1
        if limit is not None and len(raw.removesuffix(b"\n")) >= limit:
            raise _too_long(number)
        yield raw.decode("utf-8", "surrogateescape").removesuffix("\n").removesuffix("\r")


def _ends_statement(line: str) -> bool:
    """True when the last word in front of the first word that starts with ``--`` ends in ``;``."""
    if ";" not in line:
        return False
    if "--" not in line:
        return line.rstrip(SPACES).endswith(";")
    for separator in "\x1c\x1d\x1e\x1f":  # white space for str.split(), not for Go
        line = line.replace(separator, "x")
    last = ""
    for word in line.split():
        if word.startswith("--"):
            break
        last = word
    return last.endswith(";")


def _annotation(line: str, number: int) -> str:
    """The annotation of a comment line that holds ``+goose``, spelled as in _ANNOTATIONS."""
    if line.startswith((" ", "\t")):
        raise _bad_annotation(line, f"{quote(line)} contains leading whitespace", number, "leading")
    command = line.replace("--", "").replace("+goose", "", 1)
    if "+goose" in command:
        raise _bad_annotation(line, f"{quote(command)} contains multiple '+goose' annotations", number)
    command = command.strip(SPACES)
    if not command:
        raise _bad_annotation(line, "empty annotation", number, kind="")
    name = _FOLDED.get(command.casefold())
    if name is None or len(name) != len(command):
        raise _bad_annotation(line, f"{quote(command)} not supported", number)
    return name


def _bad_annotation(
    line: str, what: str, number: int, hint: str = "prose", *, kind: str = ": invalid annotation"
) -> _RuleError:
    return _RuleError(f"failed to parse annotation line {quote(line)}: {what}{kind}", number, hint)


class _Reader:
    """The state machine: one pass over the lines of a file for one direction."""

    def __init__(self, direction: Direction, options: ParseOptions) -> None:
        self.transactional = True
        self._direction = direction
        self._trace = options.trace
        self._lookup = options.lookup
        self._state = _START
        self._substitute = False
        self._buffer: list[str] = []
        self._first = 0  # line number of the buffer's first line
        self._begun = 0  # line number of the last StatementBegin
        self._gaps: list[int] = []

    def read(self, lines: Iterable[str]) -> Iterator[Statement]:
        """Yield the statements of the direction; raises _RuleError where goose reports an error."""
        trace, buffer, number = self._trace, self._buffer, 0
        for number, line in enumerate(lines, 1):
            if trace:
                trace(line)
            if self._state == _START and not line.strip(SPACES):
                continue
            comment = "--" in line and line.lstrip(SPACES).startswith("--")
            if comment and "+goose" in line and self._annotate(_annotation(line, number), number):
                if buffer:
                    self._gaps.append(len(buffer))
                continue
            if not buffer:
                if comment or not line:
                    self._note("ignore comment")
                    continue
                self._first = number
            if self._state not in (_END_UP, _END_DOWN):
                buffer.append(self._expand(line, number) if self._substitute else line)
            if (statement := self._step(buffer[-1] if buffer else line, number)) is not None:
                yield statement
        self._finish(number)

    def _note(self, message: str) -> None:
        if self._trace:
            self._trace(f"{_GREY}StateMachine: {message}{_RESET}")

    def _enter(self, state: int) -> None:
        self._note(f"set {self._state} => {state}")
        self._state = state

    def _annotate(self, name: str, number: int) -> bool:
        """Take an annotation; True when its line needs no further thought (all but StatementEnd)."""
        state = self._state
        if name == "NO TRANSACTION":
            self.transactional = False
        elif name.startswith("ENVSUB"):
            self._substitute = name == "ENVSUB ON"
        elif name == "Up":
            if state != _START:
                raise _RuleError(
                    f"duplicate '-- +goose Up' annotations; stateMachine={state}, {_SEE}", number, "up"
                )
            self._enter(_UP)
        elif name == "Down":
            if state not in (_UP, _END_UP):
                raise _RuleError(
                    f"must start with '-- +goose Up' annotation, stateMachine={state}, {_SEE}", number, "up"
                )
            self._refuse_rest()
            self._enter(_DOWN)
        elif name == "StatementBegin":
            if state not in (_UP, _END_UP, _DOWN, _END_DOWN):
                raise _RuleError(
                    "'-- +goose StatementBegin' must be defined after '-- +goose Up' or '-- +goose Down' "
                    f"annotation, stateMachine={state}, {_SEE}",
                    number,
                    "block",
                )
            self._begun = number
            self._enter(_BEGIN_UP if state in (_UP, _END_UP) else _BEGIN_DOWN)
        else:
            if state not in (_BEGIN_UP, _BEGIN_DOWN):
                raise _RuleError(
                    f"'-- +goose StatementEnd' must be defined after '-- +goose StatementBegin', {_SEE}",
                    number,
                    "block",
                )
            self._enter(_END_UP if state == _BEGIN_UP else _END_DOWN)
            return False
        return True

    def _expand(self, line: str, number: int) -> str:
        from greylag.migrations.interpolate import InterpolationError, expand

        try:
            return expand(line, self._lookup)
        except InterpolationError as error:
            raise _RuleError(f"variable substitution failed: {error}:\n{line}", number) from None

    def _step(self, line: str, number: int) -> Statement | None:
        """Decide what the line just read means in the present state."""
        state = self._state
        if state == _START:
            raise _RuleError(
                f"failed to parse migration: unexpected state {state} on line {quote(line)}, {_SEE}",
                number,
                "bom" if line.startswith("\ufeff") else "up",
            )
        upward = state in (_UP, _BEGIN_UP, _END_UP)
        if upward != (self._direction == "up"):
            self._clear()
            self._note("ignore down" if upward else "ignore up")
            return None
        if state in (_UP, _DOWN):
            if not _ends_statement(line):
                return None
            statement = self._take()
            self._note("store simple Up query" if upward else "store simple Down query")
            return statement
        if state in (_END_UP, _END_DOWN):
            statement = self._take()
            self._note("store Up statement" if upward else "store Down statement")
            self._enter(_UP if upward else _DOWN)
            return statement
        return None

    def _clear(self) -> None:
        self._buffer.clear()
        self._gaps.clear()

    def _take(self) -> Statement:
        raw = "\n".join(self._buffer)
        text = raw.strip(SPACES)
        lead = raw[: raw.find(text[:1])] if text else ""
        row = lead.count("\n")
        gaps = tuple(gap - row for gap in self._gaps if gap >= row)
        column = len(lead) - (lead.rfind("\n") + 1) + 1
        self._clear()
        return Statement(text, self._first + row, column, gaps)

    def _refuse_rest(self) -> None:
        raw = "\n".join(self._buffer)
        rest = raw.strip(SPACES)
        if rest:
            above = raw[: raw.find(rest[:1])].count("\n")
            raise _RuleError(
                f"failed to parse migration: state {self._state}, direction: {self._direction}: "
                f"unexpected unfinished SQL query: {quote(rest)}: missing semicolon?",
                self._first + above,
                "semicolon",
            )

    def _finish(self, number: int) -> None:
        if self._state == _START:
            raise _RuleError(
                f"failed to parse migration: must start with '-- +goose Up' annotation, {_SEE}",
                number and 1,
                "up",
            )
        if self._state in (_BEGIN_UP, _BEGIN_DOWN):
            raise _RuleError(
                "failed to parse migration: missing '-- +goose StatementEnd' annotation", self._begun, "block"
            )
        self._refuse_rest()
