"""From driver, data source and command to a finished run: opening, options, signals."""

from __future__ import annotations

from greylag.cli.goose.drivers import check_engine
from greylag.cli.goose.log import log
from greylag.cli.goose.runs import RUNS, Run
from greylag.cli.goose.wording import cleaned
from greylag.cli.interrupt import SignalInterrupt
from greylag.errors import InterruptedRunError, UsageError
from greylag.model.masking import masked_word
from greylag.model.quoting import quote
from greylag.operations.connect import connect
from greylag.operations.options import RunOptions, parse_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.cli.goose.call import Call

_GREY, _RESET = "\033[90m", "\033[00m"


def run_on_database(call: Call, driver: str, dbstring: str, command: str) -> int:
    """Run a command; give the exit code. Raises GreylagError, UsageError for a command there is not."""
    if command not in RUNS:
        # with GOOSE_* variables set this word can be a data source
        raise UsageError(f"{quote(masked_word(command))}: no such command")
    check_engine(driver)
    table = call.settings.version_table(call.flags)
    timeout = call.flags.timeout / 1e9 if call.flags.timeout else None
    with SignalInterrupt() as interrupt:
        session = connect(driver, dbstring, table, timeout_seconds=timeout, interrupt=interrupt)
        run = Run(session, call.folder, _options(call), call.words)
        try:
            RUNS[command](run)
        except InterruptedRunError as error:
            log(f"goose run: {_interruption(error, run)}")
            return error.exit_code
        finally:
            session.close()
    return 0


def _options(call: Call) -> RunOptions:
    flags = call.flags
    bare = flags.no_color or call.settings.no_color

    def trace(step: str, text: str, in_transaction: bool) -> None:
        # the line break that goose adds inside a transaction falls inside the colour
        message = f"Executing statement: {cleaned(text)}{chr(10) * in_transaction}"
        if step != "statement":
            message = f"{step.capitalize()} transaction"
        log(message if bare else f"{_GREY}{message}{_RESET}")

    return RunOptions(
        allow_missing=flags.allow_missing,
        record=not flags.no_versioning,
        trace=trace if flags.v else None,
        parse=parse_options(call.environ.get, log if flags.v else None),
    )


def _interruption(error: InterruptedRunError, run: Run) -> str:
    from signal import Signals

    stopped = f" in {error.migration.name}, which is not recorded" if error.migration else ""
    count = f"{run.finished or 'no'} file{'s' * (run.finished > 1)} of this run finished"
    standing = {0: "", 1: " and stands"}.get(run.finished, " and stand")
    return f"stopped by {Signals(error.signal).name}{stopped}; {count}{standing}"
