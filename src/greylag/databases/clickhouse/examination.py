"""A look at a ClickHouse database for ``greylag doctor``: its version table."""

from __future__ import annotations

from greylag.errors import DatabaseError
from greylag.model.examination import Examination

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from greylag.databases.base import Session


def examine(session: Session) -> Examination:
    """Connect and look. Raises ConnectError; every other refusal is noted.

    ClickHouse gives rows no ids: they are numbered in the order goose lists them in, lowest version first.
    """
    server = session.connect()
    facts: dict[str, Any] = {}
    unseen: dict[str, str] = {}
    try:
        rows = session.history()
        faults = {stamp.version for stamp in session.stamps() if "<nil>" in stamp.fault}
        facts["rows"] = [
            [number, row.version, row.applied, row.version in faults]
            for number, row in enumerate(reversed(rows), 1)
        ]
    except DatabaseError as error:
        if error.no_history:
            facts["rows"] = None
        else:
            unseen["rows"] = error.message
    return Examination(server, facts, unseen)
