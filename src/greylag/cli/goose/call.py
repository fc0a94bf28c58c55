"""One command as it was asked for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greylag.cli.goose.flags import Flags
    from greylag.cli.goose.settings import Settings


class Call:
    """Flags and settings, the words behind the command, and the folder they come to."""

    def __init__(
        self, flags: Flags, settings: Settings, words: Sequence[str], environ: Mapping[str, str]
    ) -> None:
        self.flags = flags
        self.settings = settings
        self.words = words
        self.environ = environ
        self.folder = settings.folder(flags)
