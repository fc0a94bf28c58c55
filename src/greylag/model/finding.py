"""What a rule has to say about a place in a file."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from greylag.model.location import Location

    Severity = Literal["error", "note"]
else:
    Severity = str


class Finding(NamedTuple):
    """``rule`` is the rule's slug, ``hint`` what to do about it. Only an error makes a check fail."""

    rule: str
    severity: Severity
    message: str
    where: Location
    hint: str
