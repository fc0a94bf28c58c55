"""Where settings come from: flags, then the environment (which a ``.env`` file fills), then defaults."""

from __future__ import annotations

from greylag.cli.goose.flags import parse_bool
from greylag.model.quoting import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from greylag.cli.goose.flags import Flags

DEFAULT_TABLE = "goose_db_version"
DEFAULT_DIR = "."


class Settings:
    """The five settings of the environment; an empty variable counts as unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.driver = environ.get("GOOSE_DRIVER", "")
        self.dbstring = environ.get("GOOSE_DBSTRING", "")
        self.dir = environ.get("GOOSE_MIGRATION_DIR") or DEFAULT_DIR
        self.table = environ.get("GOOSE_TABLE", "")
        self.no_color = _is_true(environ.get("NO_COLOR", ""))

    def folder(self, flags: Flags) -> str:
        """The migrations folder; an explicit ``-dir .`` cannot be told from the default."""
        return self.dir if flags.dir == DEFAULT_DIR else flags.dir

    def version_table(self, flags: Flags) -> str:
        """The version table's name."""
        return flags.table or self.table or DEFAULT_TABLE

    def merged(self, words: list[str]) -> list[str]:
        """``words`` with the driver in front and the data source behind whatever is first then."""
        merged = [self.driver, *words] if self.driver else list(words)
        if self.dbstring:
            merged.insert(1, self.dbstring)
        return merged

    def lines(self) -> str:
        """What ``goose env`` prints. The password stands there in clear text: scripts eval these lines."""
        pairs = (
            ("GOOSE_DRIVER", self.driver),
            ("GOOSE_DBSTRING", self.dbstring),
            ("GOOSE_MIGRATION_DIR", self.dir),
            ("GOOSE_TABLE", self.table),
            ("NO_COLOR", "true" if self.no_color else "false"),
        )
        return "".join(f"{name}={quote(value)}\n" for name, value in pairs)


def _is_true(text: str) -> bool:
    try:
        return parse_bool(text)
    except ValueError:
        return False


def load_env_file(name: str, environ: MutableMapping[str, str]) -> list[str]:
    """Fill ``environ`` from the file of ``-env``: '' is ``.env`` if it is there and sound, ``none`` no file.

    Gives the names that were set. Raises EnvFileError for a file that was asked for by name.
    """
    import os

    if name == "none" or (not name and not os.path.lexists(".env")):
        return []
    from greylag.environments.dotenv import load
    from greylag.errors import EnvFileError

    if name:
        return load(name, environ)
    try:
        return load(".env", environ)
    except EnvFileError:
        return []
