"""What every verb that runs migrations may be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from greylag.migrations.parser import ParseOptions

if TYPE_CHECKING:
    from greylag.model.event import Trace


class RunOptions(NamedTuple):
    """``record`` False runs files without reading or writing the version table (goose's -no-versioning)."""

    allow_missing: bool = False
    record: bool = True
    trace: Trace | None = None
    parse: ParseOptions = ParseOptions()
