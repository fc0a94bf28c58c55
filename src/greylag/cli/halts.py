"""A file outside transactions that was broken off: a sentence for people, facts for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greylag.model.masking import masked

if TYPE_CHECKING:
    from greylag.operations.survey import Halt


def halted(halt: Halt) -> str:
    """What is known of a file that was broken off, and what to type."""
    begun, count = halt.unfinished, f" of {halt.count}" if halt.count else ""
    when = f" {begun.started:%Y-%m-%d %H:%M:%S} UTC" if begun.started else ""
    verb = "up" if begun.direction == "up" else "down"
    what = f"{verb} resolved" if begun.next else f"{verb} began"
    stopped = "to go on at" if begun.next else "stopped at"
    way = "looks whether it took effect" if _in_doubt(halt) else "goes on"
    return (
        f"{what}{when} by {begun.who}@{begun.host}, {stopped} statement {halt.number}{count}"
        f"{_why(halt)}: greylag {verb} {way}; greylag resolve {begun.version} tells more"
    )


def _in_doubt(halt: Halt) -> bool:
    """Whether nobody saw how the statement ended that it stopped at; inside a transaction it was undone."""
    return not halt.unfinished.next and any(
        each.number == halt.number and each.state == "begun" and each.apart
        for each in halt.unfinished.attempts
    )


def _why(halt: Halt) -> str:
    for each in halt.unfinished.attempts:
        if each.number == halt.number and each.state == "failed" and not halt.unfinished.next:
            return f" ({masked(f'{each.sqlstate} {each.error}'.strip()).partition(chr(10))[0]})"
    return ""


def halt_facts(halt: Halt) -> dict[str, object]:
    """A file that was broken off, as JSON shows it."""
    begun = halt.unfinished
    return {
        "version": begun.version,
        "file": begun.file,
        "direction": begun.direction,
        "started": begun.started.isoformat() if begun.started else None,
        "who": begun.who,
        "host": begun.host,
        "statement": halt.number,
        "of": halt.count,
        "resolved": bool(begun.next),
        "attempts": [
            {
                "statement": each.number,
                "state": each.state,
                "apart": each.apart,
                "sqlstate": each.sqlstate,
                "error": masked(each.error),
            }
            for each in begun.attempts
        ],
    }
