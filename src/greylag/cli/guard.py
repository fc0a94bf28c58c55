"""The three fates of a ``greylag`` command: expected, interrupted, our fault. Never a traceback."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

import click

from greylag.errors import GreylagError

if TYPE_CHECKING:
    from collections.abc import Callable

_INTERRUPTED = 130
_BROKEN_PIPE = 141


def guarded(action: Callable[[], object]) -> None:
    """Run a command and end the process: 0, 1 an honest no, 2 misuse, 3 our fault, 128 + a signal."""
    code = outcome(action)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    sys.exit(code)


def outcome(action: Callable[[], object]) -> int:
    """Run a command and give its exit code; errors are told on stderr."""
    try:
        result = action()
        sys.stdout.flush()
    except GreylagError as error:
        from greylag.cli.explain import explain

        _say(explain(error))
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
        return _INTERRUPTED
    except BrokenPipeError:  # nobody reads any more; keep the interpreter from complaining at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except Exception as error:  # the third fate
        from greylag.cli.failures import CRASHED, report_crash

        _say(report_crash(error, "greylag"))
        return CRASHED
    return result if isinstance(result, int) else 0


def _say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(text, file=sys.stderr, flush=True)
