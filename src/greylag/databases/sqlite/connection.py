"""Opening an SQLite database the way goose's Go driver does."""

from __future__ import annotations

import sqlite3

from greylag.databases.sqlite.dsn import Settings, pragmas, read_settings, wants_strict_quotes
from greylag.databases.sqlite.failures import explain
from greylag.databases.sqlite.units import PieceError, run_unit
from greylag.errors import ConnectError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.sqlite.dsn import Source

# SQLITE_DBCONFIG_DQS_DML and SQLITE_DBCONFIG_DQS_DDL, which older Pythons do not name.
_QUOTED_STRING_SWITCHES = (1013, 1014)


def open_connection(source: Source, *, empty: bool = False) -> tuple[sqlite3.Connection, Settings]:
    """Open and set up a connection in autocommit mode; ``empty`` puts an empty one in memory in its place.

    Raises ConnectError. What the parameters ask for is checked after opening, as the Go driver does.
    """
    try:
        connection = sqlite3.connect(
            ":memory:" if empty else source.name,
            timeout=0,  # no busy handler unless a _pragma sets one
            isolation_level=None,
            check_same_thread=False,
            cached_statements=0,  # the cache would hold on to the text of large statements
            uri=True,
        )
    except (sqlite3.Error, MemoryError) as error:
        failure = explain(error, connecting=True)
        failure.message = f"{failure.message}: {source.name}"  # people are told which; goose's text is kept
        raise failure from error
    try:
        connection.text_factory = bytes  # nothing promises that TEXT is UTF-8
        if wants_strict_quotes(source.parameters):
            _forbid_quoted_strings(connection)
        for pragma in pragmas(source.parameters):
            run_unit(connection, f"pragma {pragma}")
        return connection, read_settings(source.parameters)
    except PieceError as error:
        connection.close()
        raise explain(error.cause, connecting=True) from error
    except BaseException:
        connection.close()
        raise


def _forbid_quoted_strings(connection: sqlite3.Connection) -> None:
    set_switch = getattr(connection, "setconfig", None)  # Python 3.12 and newer
    if set_switch is None:
        text = "_dqs=0 needs Python 3.12 or newer"
        raise ConnectError(text, driver_text=text, hint="leave _dqs out of the data source")
    for switch in _QUOTED_STRING_SWITCHES:
        set_switch(switch, False)
