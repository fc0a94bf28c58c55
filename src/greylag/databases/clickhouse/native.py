"""ClickHouse's native protocol: clickhouse-driver speaks it, over connections that heed signals."""

from __future__ import annotations

from greylag.databases.clickhouse.failures import lost, raised, unreachable
from greylag.databases.clickhouse.link import in_order
from greylag.databases.clickhouse.pipe import Pipe
from greylag.databases.clickhouse.rows import Answer
from greylag.databases.clickhouse.wire import SilenceError, split_address
from greylag.errors import ConnectError, DatabaseError
from greylag.model.server import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from greylag.databases.clickhouse.dsn import Settings
    from greylag.databases.clickhouse.wire import Patience


_FEEDING = 3.0
"""Seconds after which a server that has shown the columns of an INSERT is believed to wait for its rows."""
_UNREAD = (62, 115)
"""Errors (of syntax, of settings) before old servers have read all that a statement comes with; what is left
they take for the next one."""


class NativeLink:
    """See :class:`greylag.databases.clickhouse.link.Link`. One connection, so what a file SETs stays set."""

    def __init__(self, settings: Settings, patience: Patience) -> None:
        self._settings = settings
        self._patience = patience
        self._connection: Any = None
        self._pipe: Pipe | None = None
        self._address = settings.addresses[0]
        self._attempts = 0
        self._defaults: dict[str, str] = {}
        self._misled: dict[str, ConnectError] = {}

    @property
    def address(self) -> str:
        """Host and port as the DSN has them."""
        return self._address

    def facts(self) -> Server:
        """Ask the server what it is."""
        version, database = self.query("SELECT version(), currentDatabase()").rows[0]
        host, port = split_address(self._address)
        return Server("clickhouse", version or "", host, int(port), database or "", self._settings.user)

    def begin(self) -> None:
        """Connect."""
        self._open()

    def execute(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> None:
        """Run one statement."""
        self._ask(text, query_id, settings)

    def query(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> Answer:
        """Run one statement and give its rows."""
        return self._ask(text, query_id, settings)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.disconnect()
            self._connection = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def _ask(self, text: str, query_id: str = "", settings: Mapping[str, str] | None = None) -> Answer:
        connection = self._open()
        connection.context.settings = {**self._defaults, **(settings or {})}
        try:
            if self._pipe is not None:
                self._pipe.settle(self._settings.read_timeout)
            connection.send_query(_Raw(text), query_id=query_id or None)
            connection.send_external_tables(None)
            return self._read(connection, is_insert(text))
        except (EOFError, SilenceError, OSError) as error:
            self.close()
            why = f": {error}" if isinstance(error, OSError) else ""
            silent = isinstance(error, SilenceError)
            failure = lost(f"{self._address} {'does not answer' if silent else 'closed the connection'}{why}")
            failure.driver_text = (
                f"read tcp {self._address}: i/o timeout" if silent else "driver: bad connection"
            )
            raise failure from None
        except DatabaseError:
            raise
        except BaseException:
            self.close()
            raise

    def _read(self, connection: Any, inserting: bool) -> Answer:
        from clickhouse_driver.errors import Error
        from clickhouse_driver.protocol import ServerPacketTypes

        types: list[str] = []
        names: list[str] = []
        rows: list[list[str | None]] = []
        asked = False
        while True:
            try:
                packet = connection.receive_packet()
            except SilenceError:
                raise self._unfed() if asked else SilenceError from None
            except Error as error:
                self.close()
                text = f"the answer cannot be read: {error}"
                raise DatabaseError(text, driver_text=text, hint="http:// reads every answer") from None
            if packet.type == ServerPacketTypes.EXCEPTION:
                connection.is_query_executing = False
                refusal = _refusal(packet.exception)
                if refusal.number in _UNREAD:
                    self.close()
                raise refusal
            if packet.type == ServerPacketTypes.END_OF_STREAM:
                return Answer(types, rows, names)
            if packet.type == ServerPacketTypes.DATA and packet.block.columns_with_types:
                if inserting and self._pipe is not None:
                    asked = True
                    self._pipe.settle(_FEEDING)
                names = [name for name, _ in packet.block.columns_with_types]
                types = [kind for _, kind in packet.block.columns_with_types]
                rows += [[_text(value) for value in row] for row in packet.block.get_rows()]

    def _unfed(self) -> DatabaseError:
        """Servers before version 19 want the rows of an INSERT as data and wait for them for ever."""
        self.close()
        text = "this server reads no VALUES of an INSERT over the native protocol: nothing was inserted"
        return DatabaseError(text, driver_text=text, hint="use its HTTP port, or INSERT … SELECT")

    def _open(self) -> Any:
        if self._pipe is not None and self._pipe.is_stale():
            self.close()
        if self._connection is None:
            self._patience.look_around()
            self._attempts += 1
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> Any:
        failure: ConnectError | None = None
        for address in in_order(self._settings, self._attempts):
            self._address = address
            if address in self._misled:
                failure = self._misled[address]
                continue
            try:
                return self._greet(address)
            except ConnectError as error:
                failure = error
                if self._pipe is not None and self._pipe.misled:
                    self._misled[address] = error  # goose asks twice, and finding out takes its time
                self.close()
        assert failure is not None, "a DSN names at least one host"  # noqa: S101 - read_dsn() sees to it
        raise failure

    def _greet(self, address: str) -> Any:
        connection = self._new_connection(address)
        from clickhouse_driver.errors import Error, ServerException

        try:
            connection.connect()
        except ServerException as error:
            self.close()
            raise _refusal(error) from None
        except Error:
            pipe = self._pipe
            if pipe is not None and pipe.speaks_http():
                raise pipe.wrong_port() from None
            raise unreachable(
                f"{address} does not speak the native protocol",
                f"[handshake] unexpected packet [{pipe.first if pipe is not None else 0}] from server",
                hint="the native protocol is at 9000 (9440 with secure=true), HTTP at 8123",
            ) from None
        except EOFError:
            raise unreachable(
                f"{address} closed the connection while it was greeted",
                f"handshake: failed to read packet from {address} (conn_id={self._attempts}, "
                f"auth_db={self._settings.database}): EOF",
                hint="a port with TLS wants secure=true",
            ) from None
        except SilenceError:
            raise unreachable(
                f"{address} does not answer",
                f"handshake: failed to read packet from {address} (conn_id={self._attempts}, "
                f"auth_db={self._settings.database}): i/o timeout",
            ) from None
        return connection

    def _new_connection(self, address: str) -> Any:
        try:
            from clickhouse_driver.client import Client
        except ImportError:
            text = "the native protocol needs the package clickhouse-driver, which is not installed"
            raise ConnectError(
                text, driver_text=text,
                hint="pip install 'greylag[clickhouse]', or take the HTTP port: http://host:8123/database",
            ) from None  # fmt: skip
        import logging

        logging.getLogger("clickhouse_driver").propagate = False  # what it warns of, we raise
        logging.getLogger("clickhouse_driver").addHandler(logging.NullHandler())
        settings = self._settings
        client = Client(
            "unused", database=settings.database, user=settings.user, password=settings.password,
            client_name="greylag", settings=settings.server, settings_is_important=True,
        )  # fmt: skip
        connection = client.connection
        self._defaults = dict(client.settings)
        connection.context.settings = client.settings
        connection.context.client_settings = client.client_settings

        def dial(_host: str, _port: int) -> Pipe:
            self._pipe = Pipe(self._settings, address, self._patience)
            return self._pipe

        connection._create_socket = dial  # noqa: SLF001 - its own neither waits for signals nor tells Go's words
        return connection


class _Raw(str):
    """A statement whose bytes go out as they stand in the file, UTF-8 or not."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "surrogateescape") -> bytes:
        del errors
        return super().encode(encoding, "surrogateescape")


def is_insert(text: str) -> bool:
    """Whether the first word behind comments is INSERT."""
    import re

    return (
        re.match(r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*insert\b", text, re.IGNORECASE | re.DOTALL) is not None
    )


def _refusal(error: Any) -> DatabaseError:
    text = str(error.message).partition(". Stack trace:")[0]
    return raised(text, int(error.code))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
