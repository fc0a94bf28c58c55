"""Options that many verbs share, and the place they describe."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click.shell_completion import CompletionItem

    from greylag.environments.resolution import Request, Resolution
    from greylag.operations.options import Care, RunOptions

    Command = TypeVar("Command", bound=Callable[..., Any])


class Place(NamedTuple):
    """What the command line says about where: target words, ``--dsn``, ``--dir``, ``--table``."""

    words: tuple[str, ...]
    dsn: str | None
    folder: str | None
    table: str | None = None

    def request(self) -> Request:
        """The same with what surrounds the process: working folder and environment."""
        from greylag.environments.resolution import Request

        return Request(os.getcwd(), os.environ, self.words, self.dsn, self.folder)

    def resolve(self) -> Resolution:
        """The targets meant, for a verb that needs a database; notices go to stderr."""
        from greylag.environments.resolution import resolve

        resolution = resolve(self.request())
        for notice in resolution.notices:
            print(f"note: {notice}", file=sys.stderr)
        return resolution

    def folders(self) -> Resolution:
        """The targets meant, for a verb that only needs folders: no note on variables that go unused."""
        from greylag.environments.resolution import resolve_folders

        return resolve_folders(self.request())


def complete_target(ctx: click.Context, param: click.Parameter, incomplete: str) -> Sequence[CompletionItem]:
    """Targets of the workspace for the shell; nothing where there is none or it cannot be read."""
    del ctx, param
    from click.shell_completion import CompletionItem

    from greylag.environments.targets import owned_databases, short_name
    from greylag.environments.workspace import find_config, load
    from greylag.errors import GreylagError

    try:
        config = find_config(os.getcwd(), os.environ)
        workspace = load(config) if config else None
    except GreylagError:
        return []
    if workspace is None:
        return []
    names = [short_name(workspace, database) for database in owned_databases(workspace)]
    words = names + [f"{name}@{place}" for name in names for place in (*workspace.environments, "local")]
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


targets_argument = click.argument("targets", nargs=-1, metavar="[TARGET]...", shell_complete=complete_target)
folder_option = click.option("--dir", "folder", metavar="FOLDER", help="Folder of migrations.")


def place_options(command: Command, words: Callable[[Command], Command] = targets_argument) -> Command:
    """TARGET…, --dsn, --dir and --table. The command gets them as one argument, ``place``.

    ``words`` declares the argument ``targets``, for a verb that takes other words with them.
    """
    import functools

    @functools.wraps(command)
    def gathered(
        *, targets: tuple[str, ...], dsn: str | None, folder: str | None, table: str | None, **rest: Any
    ) -> Any:
        return command(place=Place(targets, dsn, folder, table), **rest)

    for decorate in reversed(
        (
            words,
            click.option("--dsn", metavar="TEXT", help="Connection string of the database."),
            folder_option,
            click.option(
                "--table",
                metavar="NAME",
                envvar="GOOSE_TABLE",
                help="Version table.  [default: the config's, else goose_db_version]",
            ),
        )
    ):
        gathered = decorate(gathered)
    return gathered  # type: ignore[return-value]  # click commands are made of it, it is not called directly


def shown_folder(folder: str) -> str:
    """A target's folder as output shows it: relative to the working folder when it lies below."""
    relative = os.path.relpath(folder)
    return folder if relative.startswith("..") else relative


def run_options(resolution: Resolution, *, allow_missing: bool, care: Care | None = None) -> RunOptions:
    """greylag's way to read and run: lines of any length, out of order as the config says."""
    from greylag.operations.options import RunOptions, any_line_options

    configured = bool(resolution.workspace and resolution.workspace.apply.out_of_order)
    return RunOptions(allow_missing=allow_missing or configured, parse=any_line_options(), care=care)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Print what plan prints, write nothing.")
missing_option = click.option(
    "--allow-missing", is_flag=True, help="Apply files older than the newest applied version too."
)


class DurationType(click.ParamType):  # type: ignore[type-arg]  # generic in new releases of click only
    """``90s``, ``1m30s``, ``2h``: seconds as a float. goose's grammar, so that habits carry over."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds; a click usage error for anything else."""
        from greylag.model.go_duration import parse_duration

        if isinstance(value, float):
            return value
        try:
            return parse_duration(str(value)) / 1e9
        except ValueError:
            self.fail(f"{value!r} is no duration; write 30s, 1m30s or 2h", param, ctx)


class VersionType(click.ParamType):  # type: ignore[type-arg]  # as above
    """The number that a migration file's name begins with, or 0 for "before the first"."""

    name = "version"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; a click usage error for anything else."""
        text = str(value)
        if not (text.isascii() and text.isdigit() and int(text) < 2**63):
            self.fail(f"{text!r} is no version: that is the number a file's name begins with", param, ctx)
        return int(text)


timeout_option = click.option(
    "--timeout", type=DurationType(), metavar="DURATION", help="Give up after this long, e.g. 90s or 1m30s."
)

lock_wait_option = click.option(
    "--lock-wait",
    type=DurationType(),
    metavar="DURATION",
    help="Wait this long for another runner to end.  [default: the config's, else 5m]",
)
lock_timeout_option = click.option(
    "--lock-timeout",
    type=DurationType(),
    metavar="DURATION",
    help="Let no statement that others would queue behind wait longer for its lock.  [default: the config's, "
    "else 2s]",
)
lock_budget_option = click.option(
    "--lock-budget",
    type=DurationType(),
    metavar="DURATION",
    help="Try a file again for this long when a lock was not to be had.  [default: the config's, else 10m]",
)
