"""The ``greylag`` command: a table of verbs, each loaded when it is called."""

from __future__ import annotations

import click

import greylag
from greylag.cli.guard import guarded
from greylag.cli.verbs import Table, Verbs

VERBS: Table = {
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
    "schema": ("greylag.cli.schema.group", "Look at the schema, compare it, derive files from it."),
    "prisma": ("greylag.cli.prisma.group", "Be prisma where it reads: db pull, without Node."),
    "drift": ("greylag.cli.drift", "Compare databases with what their migrations make."),
    "doctor": ("greylag.cli.doctor", "Examine databases, and say what to mend."),
    "retention": ("greylag.cli.retention", "Compare how long rows are kept with how long they should be."),
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
HIDDEN: Table = {"create": ("greylag.cli.author", "goose's word for new.")}


@click.group(
    cls=Verbs,
    table=VERBS,
    hidden=HIDDEN,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(greylag.__version__, "-V", "--version", message="greylag %(version)s")
def greylag_command() -> None:
    """Database migrations as a practice: goose files, every environment, one tool.

    A TARGET is service[/database]@environment; without @ it is local, the embedded server. Several and
    globs are fine. Without a greylag.toml, --dir and --dsn are enough.
    """


def main() -> None:
    """Entry point of the ``greylag`` script: never a traceback, exit codes as documented."""
    import atexit
    import gc

    gc.set_threshold(1_000_000)  # ten thousand files or tables are many tuples and no cycles
    atexit.register(gc.freeze)  # nor are there any at the end, where the interpreter looks once more
    guarded(lambda: greylag_command.main(prog_name="greylag", standalone_mode=False))
