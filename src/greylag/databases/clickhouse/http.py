"""ClickHouse over HTTP: one connection that is kept, one POST per statement, as clickhouse-go sends them."""

from __future__ import annotations

from greylag.databases.clickhouse.failures import (
    UNKNOWN_TABLE,
    answered,
    lost,
    overdue,
    unreachable,
)
from greylag.databases.clickhouse.link import in_order
from greylag.databases.clickhouse.proxy import connect, proxy_for
from greylag.databases.clickhouse.response import BrokenError, read_response
from greylag.databases.clickhouse.rows import read_answer
from greylag.databases.clickhouse.url import escape_path, escape_user, write_query
from greylag.databases.clickhouse.wire import SilenceError, split_address
from greylag.errors import ConnectError, DatabaseError, DeadlineError, LostError
from greylag.model.server import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from greylag.databases.clickhouse.dsn import Settings
    from greylag.databases.clickhouse.response import Response
    from greylag.databases.clickhouse.rows import Answer
    from greylag.databases.clickhouse.wire import Patience, Wire

_HELLO = "SELECT displayName(), version(), revision(), timezone()"
_HELLO_FAILED = "failed to query server hello: failed to query server hello info: sendQuery: "
_UNKNOWN_FUNCTION = 46
_PROTOCOL_VERSION = "54460"
"""What clickhouse-go asks for; it stands in the URL of its messages."""
_NATIVE_PORT = "clickhouse-client"
"""A word of the answer that the port of the native protocol gives to HTTP."""


class HttpLink:
    """See :class:`greylag.databases.clickhouse.link.Link`."""

    def __init__(self, settings: Settings, patience: Patience) -> None:
        self._settings = settings
        self._patience = patience
        self._wire: Wire | None = None
        self._address = settings.addresses[0]
        self._attempts = 0
        self._greeted = False
        self._extra: dict[str, str] = {}

    @property
    def address(self) -> str:
        """Host and port as the DSN has them."""
        return self._address

    def facts(self) -> Server:
        """Ask the server what it is."""
        version, database = self.query("SELECT version(), currentDatabase()").rows[0]
        host, port = split_address(self._address, self._default_port)
        # who logs in is who acts; servers of 2018 have no function that says so
        return Server("clickhouse", version or "", host, int(port), database or "", self._settings.user)

    def begin(self) -> None:
        """Connect and greet; goose's driver does so before a transaction begins."""
        if not self._greeted:
            self._greet()

    def execute(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> None:
        """POST one statement. The rows that a SELECT in a file gives are left on the server."""
        self._ask_with(text, query_id, {**(settings or {}), "default_format": "Null"})

    def query(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> Answer:
        """POST one statement and read its rows."""
        try:
            answer = self._ask_with(text, query_id, settings)
        except DatabaseError as error:
            if error.driver_text.startswith(("[HTTP", "Post ")):
                error.driver_text = f"sendQuery: {error.driver_text}"
            raise
        return read_answer(answer.body.decode("utf-8", "surrogateescape"))

    def close(self) -> None:
        """Close the connection."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _ask_with(self, text: str, query_id: str, settings: Mapping[str, str] | None) -> Response:
        self._extra = {**(settings or {}), **({"query_id": query_id} if query_id else {})}
        try:
            return self._ask(text)
        finally:
            self._extra = {}

    def _ask(self, text: str) -> Response:
        answer = self._post(text)
        if answer.status != 200:
            error = _refusal(answer)
            # goose's driver greets before its first statement, and what is wrong with the access fails there
            if not self._greeted and error.number != UNKNOWN_TABLE:
                self._greet()
            raise error
        self._greeted = True
        return answer

    def _greet(self) -> None:
        self._extra = {}  # the id of the statement is the statement's own
        answer = self._post(_HELLO)
        if answer.status != 200:
            error = _refusal(answer)
            if error.number == _UNKNOWN_FUNCTION:  # servers of 2018: let in, and without such a function
                self._greeted = True
                return
            error.driver_text = f"{_HELLO_FAILED}{error.driver_text}"
            raise error
        self._greeted = True

    def _post(self, text: str) -> Response:
        wire = self._open()
        try:
            answer = self._exchange(wire, text)
        except BaseException:
            self.close()
            raise
        if not answer.reusable:
            self.close()
        return answer

    def _exchange(self, wire: Wire, text: str) -> Response:
        seconds = self._settings.read_timeout
        try:
            wire.send(self._request(text), seconds=seconds)
            return read_response(lambda: wire.receive(seconds=seconds))
        except SilenceError:
            reason = "net/http: timeout awaiting response headers"
            raise self._lost(
                f"no answer from {self._address} within {seconds:g} s", self._posted(reason)
            ) from None
        except DeadlineError:
            raise overdue(self._posted("context deadline exceeded")) from None
        except BrokenError as error:
            if "malformed" in str(error):
                raise unreachable(
                    f"{self._address} does not speak HTTP", f"{_HELLO_FAILED}{self._posted(str(error))}",
                    hint="HTTP is at 8123 (8443 with TLS); the native protocol (9000) wants clickhouse://",
                ) from None  # fmt: skip
            raise self._lost(f"{self._address} closed the connection", "driver: bad connection") from None
        except OSError as error:
            raise self._lost(
                f"the connection to {self._address} broke: {error}", "driver: bad connection"
            ) from None

    def _lost(self, reason: str, go_text: str) -> LostError:
        error = lost(reason)
        error.driver_text = go_text
        return error

    def _open(self) -> Wire:
        if self._wire is not None and self._wire.is_stale():
            self.close()
        if self._wire is None:
            self._patience.look_around()
            self._attempts += 1
            self._wire = self._connect()
        return self._wire

    def _connect(self) -> Wire:
        failure: ConnectError | None = None
        for address in in_order(self._settings, self._attempts):
            self._address = address
            try:
                return connect(self._settings, address, self._patience, self._default_port)
            except ConnectError as error:
                error.driver_text = f"{_HELLO_FAILED}{self._posted(error.driver_text)}"
                failure = error
        if failure is None:
            raise DatabaseError("no host is named", driver_text="acquire conn: no address")
        raise failure

    @property
    def _default_port(self) -> str:
        return "443" if self._settings.secure else "80"

    def _posted(self, reason: str) -> str:
        """A failure as Go's HTTP client words it: with the URL, whose password it hides as well."""
        settings = self._settings
        query = self._parameters() | {
            "client_protocol_version": _PROTOCOL_VERSION,
            "default_format": "Native",
        }
        query.pop("wait_end_of_query", None)
        login = ""
        if not settings.secure:
            login = f"{settings.user}:***@" if settings.password else f"{escape_user(settings.user)}@"
        place = f"{settings.scheme}://{login}{self._address}{escape_path(settings.http_path)}"
        return f'Post "{place}?{write_query(query)}": {reason}'

    def _parameters(self) -> dict[str, str]:
        settings = self._settings
        named = {"database": settings.database} if settings.database else {}
        # an error in the middle of an answer has no status of its own any more, so the server is to wait
        return {
            **named,
            **settings.server,
            "default_format": "TabSeparatedWithNamesAndTypes",
            "wait_end_of_query": "1",
            **self._extra,
        }

    def _request(self, text: str) -> bytes:
        settings = self._settings
        target = f"{escape_path(settings.http_path) or '/'}?{write_query(self._parameters())}"
        if proxy_for(settings, self._address) and not settings.secure:
            target = f"http://{self._address}{target}"
        body = text.encode("utf-8", "surrogateescape")
        lines = (
            f"POST {target} HTTP/1.1",
            f"Host: {self._address}",
            f"User-Agent: {' '.join((*settings.products.split(','), 'greylag')).strip()}",
            *self._credentials(),
            f"Content-Length: {len(body)}",
        )
        if any("\r" in line or "\n" in line for line in lines):
            reason = "net/http: invalid header field value"
            raise unreachable("user and password cannot hold a line break", self._posted(reason))
        return "\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape") + body

    def _credentials(self) -> tuple[str, ...]:
        settings = self._settings
        if not settings.secure:
            from binascii import b2a_base64

            login = f"{settings.user}:{settings.password}".encode("utf-8", "surrogateescape")
            return (f"Authorization: Basic {b2a_base64(login, newline=False).decode()}",)
        if not settings.password:
            return (f"X-ClickHouse-User: {settings.user}", "X-ClickHouse-SSL-Certificate-Auth: on")
        return (
            f"X-ClickHouse-User: {settings.user}",
            f"X-ClickHouse-Key: {settings.password}",
            "X-ClickHouse-SSL-Certificate-Auth: off",
        )


def _refusal(answer: Response) -> DatabaseError:
    body = answer.body.decode("utf-8", "surrogateescape")
    code = answer.headers.get("x-clickhouse-exception-code", "")
    error = answered(answer.status, body, int(code) if code.isdigit() else 0)
    if _NATIVE_PORT in body:
        error.hint = (
            "this is the port of the native protocol: write clickhouse:// for it, or http:// and 8123"
        )
    return error
