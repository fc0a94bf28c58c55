"""The two halves of a migration file as they are written, so that one can be put in the other's place."""

from __future__ import annotations

from greylag.model.records import NamedTuple
from greylag.model.spaces import SPACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Half(NamedTuple):
    """The lines of one direction, line ends included, and whether ENVSUB is on where they begin and end."""

    lines: list[str]
    begins_substituted: bool = False
    ends_substituted: bool = False

    @property
    def has_statement(self) -> bool:
        """Whether anything but comments and empty lines is there."""
        return any(line.strip(SPACES) and not _is_comment(line) for line in self.lines)


class Halves(NamedTuple):
    """A file taken apart. ``head`` holds the comments above its Up; ``newline`` is how its lines end."""

    head: list[str]
    up: Half
    down: Half
    transactional: bool
    newline: str


def take_apart(text: str) -> Halves:
    """Split the text of a file that the parser accepts; its NO TRANSACTION stands in no half any more.

    What counts as an annotation is the parser's rule: a comment line that holds ``+goose``.
    """
    parts: dict[str, list[str]] = {"head": [], "up": [], "down": []}
    begins = {"up": False, "down": False}
    ends = dict(begins)
    place, transactional, substituting = "head", True, False
    for line in _lines(text):
        name = _annotation(line)
        if name == "no transaction":
            transactional = False
            continue
        if name in begins:
            place, begins[name] = name, substituting
        elif place != "head" or (not name and line.strip(SPACES)):
            parts[place].append(line)
        if name in ("envsub on", "envsub off"):
            substituting = name == "envsub on"
        ends[place] = substituting
    newline = "\r\n" if "\r\n" in text else "\n"
    up, down = (Half(parts[name], begins[name], ends[name]) for name in ("up", "down"))
    return Halves(parts["head"], up, down, transactional, newline)


def put_together(
    head: Iterable[str], ups: Iterable[Half], downs: Iterable[Half], *, transactional: bool, newline: str
) -> str:
    """A file with these halves, one after the other. ENVSUB is switched to what each of them was read under.

    ``head`` holds lines without their ends.
    """
    parts = [f"{line}{newline}" for line in head]
    if not transactional:
        parts.append(f"-- +goose NO TRANSACTION{newline}")
    substituting = False
    for name, halves in (("Up", ups), ("Down", downs)):
        parts.append(f"-- +goose {name}{newline}")
        for half in halves:
            if half.begins_substituted != substituting:
                parts.append(f"-- +goose ENVSUB {'ON' if half.begins_substituted else 'OFF'}{newline}")
            parts += _trimmed(half.lines, newline)
            substituting = half.ends_substituted
    return "".join(parts[:-1] if parts[-1] == newline else parts)


def _trimmed(lines: list[str], newline: str) -> list[str]:
    """The lines with one empty line at their end: blanks there would open a statement of the next half."""
    last = len(lines)
    while last and not lines[last - 1].strip(SPACES):
        last -= 1
    kept = lines[:last]
    if kept and not kept[-1].endswith("\n"):
        kept[-1] += newline
    return [*kept, newline]


def _lines(text: str) -> list[str]:
    """Lines end at LF alone, as the parser has it; the ends stay."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return [line for line in lines if line]


def _is_comment(line: str) -> bool:
    return line.lstrip(SPACES).startswith("--")


def _annotation(line: str) -> str:
    """The annotation of a line in small letters; empty for any other line."""
    if "+goose" not in line or not _is_comment(line):
        return ""
    return line.replace("--", "").replace("+goose", "", 1).strip(SPACES).casefold()
