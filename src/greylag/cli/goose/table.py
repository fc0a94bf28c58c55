"""Columns aligned as Go's text/tabwriter aligns them for ``validate -v``: blanks, three of them at least."""

from __future__ import annotations

_PADDING = 3
_ESCAPE = "\udcff"  # the byte 255, between two of which tabwriter takes everything literally
_BREAKS = dict(zip(map(ord, "\t\n\v\f"), "\ud800\ud801\ud802\ud803", strict=True))
_UNHIDDEN = {ord(hidden): chr(point) for point, hidden in _BREAKS.items()}


def aligned(rows: list[list[str]]) -> str:
    """Rows of cells to lines; every cell is padded, so each line ends in blanks.

    A cell that itself holds a tab or a line break (file names may) is split there, as tabwriter would; a form
    feed also begins a new table, and the byte 255 hides what follows.
    """
    parts = "".join("".join(f"{cell}\t" for cell in row) + "\n" for row in rows).split(_ESCAPE)
    parts[1::2] = [part.translate(_BREAKS) for part in parts[1::2]]
    text = _ESCAPE.join(parts).replace("\v", "\t").replace("\f", "\n\f")
    return "".join(map(_block, text.split("\f"))).translate(_UNHIDDEN)


def _block(text: str) -> str:
    lines = [line.split("\t") for line in text.split("\n")]
    widths: list[list[int]] = [[] for _ in lines]
    _measure(lines, widths, 0, len(lines), 0)
    return "\n".join(map(_line, lines, widths))


def _line(cells: list[str], widths: list[int]) -> str:
    text = ""
    for cell, width in zip(cells, [*widths, 0], strict=False):
        # goose's mode indents by tabs, and they are 0 wide
        text += cell + " " * (width - _width(cell)) if text or cell else ""
    return text


def _width(cell: str) -> int:
    return len(cell) - cell.count(_ESCAPE)


def _measure(lines: list[list[str]], widths: list[list[int]], start: int, end: int, column: int) -> None:
    """Give neighbouring lines that reach into a column the width of its widest cell; then go right."""
    index = start
    while index < end:
        last = index
        while last < end and column < len(lines[last]) - 1:
            last += 1
        if last > index:
            width = max(_width(line[column]) for line in lines[index:last]) + _PADDING
            for wide in widths[index:last]:
                wide.append(width)
            _measure(lines, widths, index, last, column + 1)
        index = max(last, index + 1)
