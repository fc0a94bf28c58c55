"""The reference pages of commands, errors and goose, which ``python -m greylag.cli.reference`` writes."""

from __future__ import annotations

import os
import subprocess
import sys
from inspect import cleandoc
from typing import TYPE_CHECKING

import click

from greylag import errors
from greylag.cli.main import VERBS, greylag_command

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = os.path.join("docs", "reference")
_HEAD = "<!-- Written by `make docs` from {source}: change that file. -->\n"

_COMMANDS_HEAD = """\
# Commands of `greylag`

Every verb, in the order of a day's work. `greylag VERB --help` prints the same. What a *target* is, and
which database is meant without one, stands in [Name a target](../how-to/name-a-target.md); what `--json`
prints in [JSON](json.md); exit codes in [Errors](errors.md).

| verb | what it does |
|---|---|
"""

_ERRORS_HEAD = """\
# Errors and exit codes

## Exit codes

| code | meaning |
|---|---|
| 0 | done; or nothing to do |
| 1 | an honest no: a migration failed, a file is faulty, no database answers, `--check` found something |
| 2 | misuse: the command line, `greylag.toml`, a `.env` file or the choice of a database; nothing was done |
| 3 | a fault of greylag: one line, and a report file (without passwords) to pass on |
| 130 | Ctrl-C: the file in flight was undone, files before it are applied |
| 143 | the same by SIGTERM |
| 141 | nobody read the output any more, as in `greylag status \\| head -1` |

`greylag server psql` ends as psql ends. The `goose` program has goose's own codes: 0, 1, and 2 for a wrong
flag or two files with one version.

## What an error says

On stderr, in this order: what happened; where, as `path:line:column` with the line; what the server said
(detail, hint, SQLSTATE); `now`, what is applied; `next`, what to type. With `--json` the code below is in
the field `code`.

## Codes

| code | class | exit | meaning |
|---|---|---|---|
"""

_GOOSE_HEAD = """\
# Usage of `goose`

What `goose -h` prints, on two streams. The list of drivers is goose's. Engines are here for `postgres` (also
`pgx`), `sqlite3` (also `sqlite`) and `clickhouse`; for the others the program says that there is none. What
differs from goose is told in [Coming from goose](../start/coming-from-goose.md).

```text
"""

_GOOSE_TAIL = """\
```

## Environment

A flag wins over its variable, and a variable of the process over the same in `.env` (or the file that `-env`
names; `-env none` reads no file). An empty variable counts as unset. DRIVER and DBSTRING are given in one
way: where the variables are set, the first word is the command. `goose env` prints what is set:

| variable | in place of | default |
|---|---|---|
| `GOOSE_DRIVER` | DRIVER | |
| `GOOSE_DBSTRING` | DBSTRING | |
| `GOOSE_MIGRATION_DIR` | `-dir` | `.` |
| `GOOSE_TABLE` | `-table` | `goose_db_version` |
| `NO_COLOR` | `-no-color` | `false` |
"""


def pages() -> dict[str, str]:
    """File name to text of every page."""
    return {"commands.md": _commands(), "errors.md": _errors(), "goose.md": _goose()}


def _commands() -> str:
    root = click.Context(greylag_command, info_name="greylag")
    rows = "".join(f"| [`{name}`](#greylag-{name}) | {text} |\n" for name, (_, text) in VERBS.items())
    sections = "".join("\n" + section for section in _sections(greylag_command, root))
    return _HEAD.format(source="the commands in src/greylag/cli") + _COMMANDS_HEAD + rows + sections


def _sections(group: click.Group, parent: click.Context) -> Iterator[str]:
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        if command is None or command.hidden:
            continue
        with click.Context(command, info_name=name, parent=parent) as ctx:
            yield _section(command, ctx)
            if isinstance(command, click.Group):
                yield from _sections(command, ctx)


def _section(command: click.Command, ctx: click.Context) -> str:
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    lines = [f"## {ctx.command_path}", "", f"```text\n{usage}\n```", "", cleandoc(command.help or "")]
    if command.epilog:
        lines += ["", "```sh", cleandoc(command.epilog.replace("\b\n", "")), "```"]
    rows = [_option_row(option, ctx) for option in command.params if isinstance(option, click.Option)]
    if rows:
        lines += ["", "| option | meaning |", "|---|---|", *rows]
    return "\n".join(lines) + "\n"


def _option_row(option: click.Option, ctx: click.Context) -> str:
    names, meaning = option.get_help_record(ctx) or ("", "")
    if isinstance(option.envvar, str):
        meaning += f" Also from `{option.envvar}`."
    return f"| `{names}` | {_cell(meaning)} |"


def _errors() -> str:
    return _HEAD.format(source="src/greylag/errors.py") + _ERRORS_HEAD + "".join(map(_error_row, _classes()))


def _classes() -> list[type[errors.GreylagError]]:
    found = [value for value in vars(errors).values() if isinstance(value, type)]
    return sorted((each for each in found if issubclass(each, errors.GreylagError)), key=lambda e: e.code)


def _error_row(error: type[errors.GreylagError]) -> str:
    code = "128 + signal" if error is errors.InterruptedRunError else str(error.exit_code)
    meaning = " ".join(cleandoc(error.__doc__ or "").replace("``", "`").split())
    return f"| {error.code} | `{error.__name__}` | {code} | {_cell(meaning)} |\n"


def _goose() -> str:
    # the usage goes to two descriptors of the process, which only another process can hand over as one text
    program = "from greylag.cli.goose.usage import print_usage; print_usage()"
    answer = subprocess.run(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=True,
        text=True,
        encoding="utf-8",
    )
    source = "src/greylag/cli/goose/usage.py"
    return _HEAD.format(source=source) + _GOOSE_HEAD + answer.stdout.rstrip() + "\n" + _GOOSE_TAIL


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def main(words: list[str]) -> None:
    """Write every page into the folder named, docs/reference when none is."""
    folder = words[0] if words else FOLDER
    os.makedirs(folder, exist_ok=True)
    for name, text in pages().items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
