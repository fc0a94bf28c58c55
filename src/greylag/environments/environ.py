"""Variables of the process and, behind them, of the file ``.env`` in the working folder."""

from __future__ import annotations

import os

from greylag.environments import dotenv
from greylag.errors import EnvFileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = ".env"


class Environ:
    """Reads ``.env`` when it is first needed. As in goose the process wins, even with an empty value."""

    def __init__(self, process: Mapping[str, str], folder: str) -> None:
        self._process = process
        self._path = os.path.join(folder, FILE_NAME)
        self._read: dict[str, str] | None = None
        self._broken = False

    def get(self, name: str) -> str:
        """A variable's value; empty when it is not set, which counts as the same."""
        return self._process[name] if name in self._process else self._file().get(name, "")

    def source(self, name: str) -> str:
        """What messages call the place of a variable."""
        return name if name in self._process else f"{name} in {FILE_NAME}"

    def notices(self) -> list[str]:
        """A sentence when there is a ``.env`` of which nothing can be used.

        The reader's own words are kept back: they quote the line, and the line may hold a password.
        """
        self._file()
        return [f"{FILE_NAME} is not a list of NAME=value: nothing of it is used"] if self._broken else []

    def _file(self) -> dict[str, str]:
        if self._read is None:
            self._read = {}
            try:
                self._read = dotenv.read(self._path)
            except EnvFileError:
                self._broken = os.path.isfile(self._path)
        return self._read
