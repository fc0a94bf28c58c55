"""Columns aligned as Go's text/tabwriter aligns them for ``validate -v``: blanks, three of them at least."""

from __future__ import annotations

_PADDING = 3


def aligned(rows: list[list[str]]) -> str:
    """Rows of cells to lines; every cell is padded, so each line ends in blanks.

    A cell that itself holds a tab or a line break is split there, as tabwriter would.
    """
    text = "".join("".join(f"{cell}\t" for cell in row) + "\n" for row in rows)
    for other in "\v\f":
        text = text.replace(other, "\t" if other == "\v" else "\n")
    lines = [line.split("\t") for line in text.split("\n")]
    widths: list[list[int]] = [[] for _ in lines]
    _measure(lines, widths, 0, len(lines), 0)
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(line, [*wide, 0], strict=False))
        for line, wide in zip(lines, widths, strict=True)
    )


def _measure(lines: list[list[str]], widths: list[list[int]], start: int, end: int, column: int) -> None:
    """Give neighbouring lines that reach into a column the width of its widest cell; then go right."""
    index = start
    while index < end:
        if column >= len(lines[index]) - 1:
            index += 1
            continue
        last = index
        while last < end and column < len(lines[last]) - 1:
            last += 1
        width = max(len(line[column]) for line in lines[index:last]) + _PADDING
        for wide in widths[index:last]:
            wide.append(width)
        _measure(lines, widths, index, last, column + 1)
        index = last
