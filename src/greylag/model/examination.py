"""What a look at a database gave, before anybody judges it."""

from __future__ import annotations

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from greylag.model.server import Server


class Examination(NamedTuple):
    """Facts by section, as plain values (of JSON). Beside the query of a section stands what it is for.

    ``unseen`` gives, for sections that could not be had, what the server said. An engine leaves out sections
    that mean nothing to it.
    """

    server: Server
    facts: Mapping[str, Any]
    unseen: Mapping[str, str]
