"""What every verb that runs migrations may be told."""

from __future__ import annotations

from greylag.migrations.parser import ParseOptions
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from greylag.model.care import Manners, Tell
    from greylag.model.event import Trace


class Care(NamedTuple):
    """How carefully greylag runs: what may be waited for, and whom to tell meanwhile."""

    manners: Manners
    tell: Tell


class RunOptions(NamedTuple):
    """``care`` is greylag's own way to run, None is goose's.

    ``record`` False runs files without reading or writing the version table (goose's -no-versioning)."""

    allow_missing: bool = False
    record: bool = True
    trace: Trace | None = None
    parse: ParseOptions = ParseOptions()
    care: Care | None = None


def parse_options(lookup: Callable[[str], str | None], trace: Callable[[str], None] | None) -> ParseOptions:
    """goose's way to read files: its limit for lines, variables for ENVSUB, a listener for -v."""
    return ParseOptions(lookup=lookup, trace=trace)


def any_line_options() -> ParseOptions:
    """greylag's way: as goose, but lines may be of any length."""
    return ParseOptions(line_limit=None)
