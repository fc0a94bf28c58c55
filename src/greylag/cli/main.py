"""The ``greylag`` command: a table of verbs, each loaded when it is called."""

from __future__ import annotations

from importlib import import_module

import click

import greylag
from greylag.cli.guard import guarded

VERBS: dict[str, tuple[str, str]] = {
    "init": ("greylag.cli.place", "Write greylag.toml for this repository."),
    "new": ("greylag.cli.author", "Make a migration file."),
    "validate": ("greylag.cli.author", "Check migration files without running them."),
    "plan": ("greylag.cli.look", "Show what would run, in order."),
    "up": ("greylag.cli.run", "Apply what is pending."),
    "up-to": ("greylag.cli.run", "Apply up to a version."),
    "up-by-one": ("greylag.cli.run", "Apply the next file."),
    "down": ("greylag.cli.run", "Take back the newest version."),
    "down-to": ("greylag.cli.run", "Take back down to a version."),
    "redo": ("greylag.cli.run", "Take back the newest version and apply it again."),
    "reset": ("greylag.cli.run", "Take back everything."),
    "status": ("greylag.cli.status", "Show what is applied and what is pending."),
    "version": ("greylag.cli.look", "Show the version a database is at."),
    "history": ("greylag.cli.history", "Show what was run, when, by whom, and how it ended."),
    "doctor": ("greylag.cli.doctor", "Examine databases, and say what to mend."),
    "resolve": ("greylag.cli.resolve", "Say how a version stands that was broken off or done by hand."),
    "baseline": ("greylag.cli.baseline", "Adopt a database that has the schema already."),
    "fix": ("greylag.cli.author", "Renumber time-stamped files in sequence."),
    "dsn": ("greylag.cli.place", "Print the connection string of a target."),
    "server": ("greylag.cli.server", "Run the embedded PostgreSQL server."),
    "explain": ("greylag.cli.manual", "Tell what an error code means and how to mend it."),
    "demo": ("greylag.cli.demo", "See the whole of it on an example."),
    "completion": ("greylag.cli.completion", "Print the shell's completion script."),
    "goose": ("greylag.cli.passthrough", "Be goose: the same program as the script of that name."),
}
"""Verb to the module that holds its command (under the verb's name, ``-`` as ``_``) and its one-line help."""

HIDDEN: dict[str, tuple[str, str]] = {"create": ("greylag.cli.author", "goose's word for new.")}


class Verbs(click.Group):
    """A group that imports a verb's module when the verb is called, and none of them for ``--help``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Verbs in the order of VERBS, which is the order of a day's work."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a verb; None lets click say that there is no such command."""
        del ctx
        entry = (VERBS | HIDDEN).get(cmd_name)
        if entry is None:
            return None
        found = getattr(import_module(entry[0]), cmd_name.replace("-", "_"))
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, from the table alone."""
        del ctx
        with formatter.section("Verbs"):
            formatter.write_dl([(name, text) for name, (_, text) in VERBS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click, with the nearest verb named where there is no such one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            import difflib

            near = difflib.get_close_matches(args[0], VERBS, 1)
            if near:
                raise click.UsageError(f"no such verb {args[0]!r}; did you mean {near[0]!r}?", ctx) from None
            raise


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(greylag.__version__, "-V", "--version", message="greylag %(version)s")
def greylag_command() -> None:
    """Database migrations as a practice: goose files, every environment, one tool.

    A TARGET is service[/database]@environment; without @ it is local, the embedded server. Several and
    globs are fine. Without a greylag.toml, --dir and --dsn are enough.
    """


def main() -> None:
    """Entry point of the ``greylag`` script: never a traceback, exit codes as documented."""
    import gc

    gc.set_threshold(100_000)  # ten thousand files are many tuples and no cycles
    guarded(lambda: greylag_command.main(prog_name="greylag", standalone_mode=False))
