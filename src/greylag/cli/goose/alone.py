"""The commands that need no database."""

from __future__ import annotations

from greylag.cli.goose.log import log, result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.cli.goose.call import Call

_DRIVERS = """\
Available drivers:
  clickhouse
  libsql
  mssql
  mymysql
  mysql
  pgx, pgx/v5
  sqlite
  sqlserver
  vertica
  ydb, ydb/v3
"""
"""The Go drivers of goose's own build: scripts compare this text, and it has never meant the words of -h."""


def create(call: Call) -> None:
    """``create NAME [TYPE]``; any number of words but two makes a ``.go`` file."""
    import time

    from greylag.errors import UsageError
    from greylag.operations.create import create as write

    if not call.words:
        raise UsageError("create must be of form: goose DRIVER DBSTRING [OPTIONS] create NAME [go|sql]")
    kind = call.words[1] if len(call.words) == 2 else "go"
    path = write(call.folder, call.words[0], kind, now=time.time(), sequential=call.flags.s)
    log(f"Created new file: {path}")


def fix(call: Call) -> None:
    """``fix``: one line for each file that was renamed."""
    from greylag.operations.fix import fix as rename

    for old, new in rename(call.folder):
        log(f"RENAMED {old} => {new}")


def _init(call: Call) -> None:
    import time

    from greylag.operations.scaffold import scaffold

    folder = "migrations" if call.folder in ("", ".") else call.folder
    path = scaffold(folder, now=time.time(), sequential=call.flags.s)
    log(f"Created new file: {path}")


def _env(call: Call) -> None:
    result(call.settings.lines())


def _validate(call: Call) -> None:
    from greylag.operations.validate import validate

    found = list(validate(call.folder))
    if not call.flags.v:
        return
    from greylag.cli.goose.table import aligned

    rows = [["Type", "Txn", "Up", "Down", "Name"], ["────", "───", "──", "────", "────"]]
    for path, transactional, up, down in found:
        name = path.rpartition("/")[2]
        rows.append([name.rpartition(".")[2], "✔" if transactional else "✘", str(up), str(down), name])
    result(aligned(rows))


def _beta(call: Call) -> int:
    if not call.words:
        log("goose beta: missing subcommand")
        return 1
    if call.words[0] == "drivers":
        result(_DRIVERS)
    return 0


ALONE: dict[str, Callable[[Call], int | None]] = {
    "init": _init,
    "create": create,
    "fix": fix,
    "env": _env,
    "validate": _validate,
    "beta": _beta,
}
"""First word of the command line to what it does; None is exit 0."""
