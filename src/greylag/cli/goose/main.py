"""The ``goose`` program: flags, settings, command, in goose's order of work.

``-version``, ``-h`` and ``create`` start in a few milliseconds: what a command needs is imported where it
runs.
"""

from __future__ import annotations

import os

from greylag.cli.goose.flags import HelpRequest, parse_flags
from greylag.cli.goose.log import log, result, say
from greylag.errors import DuplicateVersionError, GreylagError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

    from greylag.cli.goose.call import Call
    from greylag.cli.goose.flags import Flags

_BROKEN_PIPE = 141
_INTERRUPTED = 130
_PANIC = 2


def main() -> None:
    """Entry point of the script."""
    import gc
    import sys

    gc.set_threshold(100_000)  # ten thousand files are many tuples and no cycles: looking for them takes 6 ms
    _hold_descriptors()
    # All is written and closed: taking the interpreter apart would take as long as connecting did.
    os._exit(run(sys.argv[1:]))


def run(argv: Sequence[str], environ: MutableMapping[str, str] = os.environ) -> int:
    """Be goose for the words behind the program's name; give the exit code, never a traceback.

    ``environ`` is filled from the ``.env`` file; it has to be the process environment for libpq to see it.
    """
    try:
        return _run(argv, environ)
    except BrokenPipeError:  # nobody reads any more: goose dies of SIGPIPE here
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # the third fate of a run
        from greylag.cli.failures import CRASHED, report_crash

        log(report_crash(error, "goose"))
        return CRASHED


def _hold_descriptors() -> None:
    """Open what the caller closed of 0, 1 and 2, or a connection would get that number and our log lines."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _run(argv: Sequence[str], environ: MutableMapping[str, str]) -> int:
    try:
        flags, words = parse_flags(argv)
    except HelpRequest:
        return _usage(0)
    except UsageError as error:
        say(f"{error.message}\n")
        return _usage(2)
    if flags.version:
        from greylag import GOOSE_VERSION

        result(f"goose version: {GOOSE_VERSION}\n")
        return 0
    if not _load_environment(flags.env, environ):
        return 1
    if flags.h or not words:
        return _usage(0 if flags.h else 1)
    return _command(flags, words, environ)


def _usage(code: int) -> int:
    from greylag.cli.goose.usage import print_usage

    print_usage()
    return code


def _load_environment(name: str, environ: MutableMapping[str, str]) -> bool:
    from greylag.cli.goose.settings import load_env_file
    from greylag.errors import EnvFileError

    try:
        names = load_env_file(name, environ)
    except EnvFileError as error:
        from greylag.model.masking import masked

        log(f"failed to load env file: {masked(error.message)}")
        return False
    if "TZ" in names:
        from greylag.cli.goose.log import forget_zone

        forget_zone()
    return True


def _command(flags: Flags, words: list[str], environ: MutableMapping[str, str]) -> int:
    from greylag.cli.goose.alone import ALONE
    from greylag.cli.goose.call import Call
    from greylag.cli.goose.settings import Settings

    settings = Settings(environ)
    title = "goose validate" if words[0] == "validate" else "goose run"
    try:
        if words[0] in ALONE:
            return ALONE[words[0]](Call(flags, settings, words[1:], environ)) or 0
        merged = settings.merged(words)
        if len(merged) < 3:
            return _usage(1)
        return _long_form(Call(flags, settings, merged[3:], environ), *merged[:3])
    except DuplicateVersionError as error:
        paths = f"\t{error.later}\n\t{error.earlier}"
        say(f"panic: goose: duplicate version {error.version} detected:\n{paths}\n\nhint: {error.hint}\n")
        return _PANIC
    except GreylagError as error:
        from greylag.cli.goose.wording import sentence

        log(f"{title}: {sentence(error)}")
        return 1


def _long_form(call: Call, driver: str, dbstring: str, command: str) -> int:
    """``DRIVER DBSTRING COMMAND …``, where ``create`` and ``fix`` work without opening anything."""
    from greylag.cli.goose.alone import create, fix
    from greylag.cli.goose.drivers import is_known

    if not is_known(driver):
        from greylag.model.masking import masked_word
        from greylag.model.quoting import quote

        log(f"-dbstring={quote(masked_word(dbstring))}: {quote(masked_word(driver))}: unknown dialect")
        return 1
    if command in ("create", "fix"):
        (create if command == "create" else fix)(call)
        return 0
    from greylag.cli.goose.database import run_on_database

    return run_on_database(call, driver, dbstring, command)
