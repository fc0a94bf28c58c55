"""A block of schema.prisma in the making: rows of cells first, text when all of them are known."""

from __future__ import annotations

import re

from greylag.schema.prisma.layout import INDENT, align

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]*\Z").match


class Rendered:
    """A block. ``plain`` is False when a line of it cannot be read by Prisma: then only ``raw`` is right."""

    __slots__ = ("attributes", "commented", "docs", "kind", "lines", "name", "plain")

    def __init__(self, kind: str, name: str, docs: list[str]) -> None:
        self.kind = kind
        self.name = name
        self.docs = docs
        self.commented = False
        self.plain = _NAME(name) is not None
        self.lines: list[tuple[tuple[str, ...], str] | str] = []
        self.attributes: list[str] = []

    def add(self, cells: tuple[str, ...], docs: Iterable[str] = (), *, commented: bool = False) -> None:
        """Add a row, under its documentation."""
        for doc in docs:
            self.lines.append(_doc(doc))
        if commented:
            self.plain = False
            self.lines.append("// " + " ".join(cells))
        else:
            self.plain = self.plain and _is_readable(cells)
            self.lines.append((cells, ""))

    def laid_out(self) -> str:
        """The block in Prisma's layout."""
        lines = [f"{_doc(doc)}\n" for doc in self.docs]
        lines.append(f"{self.kind} {self.name} {{\n")
        lines += align(self.lines)
        if self.attributes:
            lines.append("\n")
            lines += [f"{INDENT}{attribute}\n" for attribute in self.attributes]
        lines.append("}\n")
        return "".join(lines)

    def raw(self) -> str:
        """The block without any layout."""
        lines = [f"{self.kind} {self.name} {{"]
        lines += [line if isinstance(line, str) else " ".join(line[0]) for line in self.lines]
        lines += self.attributes
        lines.append("}")
        mark = "// " if self.commented else ""
        docs = "".join(f"{_doc(doc)}\n" for doc in self.docs)
        return docs + "".join(f"{mark}{line}\n" for line in lines)


def _is_readable(cells: tuple[str, ...]) -> bool:
    """Whether no name is missing: of the field, of its type, in a list of names."""
    if not cells[0] or (len(cells) > 1 and cells[1][:1] in {"?", "["}):
        return False
    return len(cells) < 3 or not ("[, " in cells[2] or ", ]" in cells[2] or ", , " in cells[2])


def _doc(text: str) -> str:
    return f"/// {text}" if text else "///"
