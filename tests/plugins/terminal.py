"""A pseudo-terminal, and a model of what its screen shows."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import termios
from typing import TextIO

from greylag.cli.columns import columns


class Terminal:
    """A pseudo-terminal, and what its screen shows after all that was written to it."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.master, slave = pty.openpty()
        self.stream: TextIO = os.fdopen(slave, "w", encoding="utf-8")
        self.raw = ""
        self.resize(width)

    def resize(self, width: int) -> None:
        """Tell programs another width; the model keeps its own."""
        fcntl.ioctl(self.stream, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))

    def close(self) -> None:
        """Hang up."""
        self.stream.close()
        os.close(self.master)

    def screen(self) -> list[str]:
        """The lines shown, blanks at their ends gone; the cursor stands in the last."""
        self.stream.write("\0")  # so that reading ends even where nothing was written
        self.stream.flush()
        taken = b""
        while b"\0" not in taken:
            taken += os.read(self.master, 4096)
        self.raw += taken.decode().replace("\0", "")
        rows: list[list[str]] = [[]]
        column = 0
        for token in re.findall(r"\033\[[\d;]*[A-Za-z]|(?s:.)", self.raw):
            if token == "\r":
                column = 0
            elif token == "\n":
                rows.append([])
            elif token == "\033[K":
                del rows[-1][column:]
            elif not token.startswith("\033"):
                column = self.put(rows, column, token)
        return ["".join(row).rstrip() for row in rows]

    def put(self, rows: list[list[str]], column: int, char: str) -> int:
        """Set a character, in the next row where this one is full; a wide one has an empty cell behind it."""
        width = columns(char)
        if column + width > self.width:
            rows.append([])
            column = 0
        row = rows[-1]
        row += [" "] * (column - len(row))
        row[column : column + width] = [char, *[""] * (width - 1)]
        return column + width
