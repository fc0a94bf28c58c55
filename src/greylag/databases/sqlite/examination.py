"""A look at an SQLite database for ``greylag doctor``: its file and its version table."""

from __future__ import annotations

import os

from greylag.errors import DatabaseError
from greylag.model.examination import Examination

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from greylag.databases.base import Session


def examine(session: Session) -> Examination:
    """Open the file if it is there, and look. Raises ConnectError; every other refusal is noted."""
    server = session.connect()
    path = server.database
    folder = os.path.dirname(os.path.abspath(path))
    facts: dict[str, Any] = {
        "file": {
            "path": path,
            "there": os.path.exists(path),
            "writable": os.access(path if os.path.exists(path) else folder, os.W_OK),
            "folder_writable": os.access(folder, os.W_OK | os.X_OK),
        }
    }
    unseen: dict[str, str] = {}
    try:
        rows = session.history()
        # ids are not told, only their order, which is all that the checks ask for
        faults = {stamp.version for stamp in session.stamps() if "<nil>" in stamp.fault} if rows else set()
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
