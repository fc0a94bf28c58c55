"""The third fate of a run: a fault of this program. One line for the user, a report file to pass on.

The other two are told by each face in its own words: errors a person can mend (exit 1 or 2) and an
interruption (128 + the signal's number).
"""

from __future__ import annotations

CRASHED = 3
"""The exit code that means "this program has a fault"."""


def report_crash(error: BaseException, program: str) -> str:
    """Write a report file about an unexpected error; give the one line to show for it.

    The file is readable by its owner alone, and holds versions, the command line and the traceback, all with
    passwords masked. Where no file can be written the line does without one.
    """
    import tempfile

    from greylag.model.masking import masked

    summary = masked(f"{type(error).__name__}: {error}".partition("\n")[0])
    line = f"{program}: unexpected error, which is a fault of greylag: {summary}"
    try:
        handle, path = tempfile.mkstemp(prefix="greylag-report-", suffix=".txt")
        with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(masked(_report(error, program)))
    except OSError:
        return f"{line}; no report could be written to {tempfile.gettempdir()}"
    return f"{line}; please pass on the report {path}"


def _report(error: BaseException, program: str) -> str:
    import platform
    import shlex
    import sys
    import traceback

    import greylag
    from greylag.model.masking import masked_word

    return "\n".join(
        (
            f"program  {program} (greylag {greylag.__version__})",
            f"python   {sys.version}".replace("\n", " "),
            f"platform {platform.platform()}",
            f"command  {shlex.join(masked_word(word) for word in sys.argv[1:])}",
            "",
            "".join(traceback.format_exception(error)),
        )
    )
