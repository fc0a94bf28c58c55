"""Groups of verbs that load a verb's module when it is called, and none of them for ``--help``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

Table = dict[str, tuple[str, str]]
"""Verb to the module that holds its command (under the verb's name, ``-`` as ``_``) and its one-line help."""


class Verbs(click.Group):
    """A group made of tables; ``hidden`` verbs work and are not listed."""

    def __init__(self, *args: Any, table: Table, hidden: Table | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.table = table
        self.hidden_table = hidden or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Verbs in the order of the table, which is the order of a day's work."""
        del ctx
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a verb; None lets click say that there is no such command."""
        del ctx
        entry = (self.table | self.hidden_table).get(cmd_name)
        if entry is None:
            return None
        found = getattr(import_module(entry[0]), cmd_name.replace("-", "_"))
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, from the table alone."""
        del ctx
        with formatter.section("Verbs"):
            formatter.write_dl([(name, text) for name, (_, text) in self.table.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click, with the nearest verb named where there is no such one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            import difflib

            near = difflib.get_close_matches(args[0], self.table, 1)
            if near:
                raise click.UsageError(f"no such verb {args[0]!r}; did you mean {near[0]!r}?", ctx) from None
            raise
