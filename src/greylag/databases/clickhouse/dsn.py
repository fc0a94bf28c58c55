"""Connection strings of ClickHouse by clickhouse-go's rules, and ``chdb://`` for the embedded engine."""

from __future__ import annotations

from greylag.databases.clickhouse.go_values import read_number, read_switch
from greylag.databases.clickhouse.url import read_url
from greylag.errors import ConnectError
from greylag.model.go_duration import parse_duration
from greylag.model.masking import masked
from greylag.model.quoting import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from greylag.databases.clickhouse.url import Url

    T = TypeVar("T")

_HINT = (
    "a DSN looks like clickhouse://user:password@host:9000/database (native protocol) or "
    "http://user:password@host:8123/database"
)
_WEEK = 604800.0
_EMBEDDED_HINT = "an embedded database looks like chdb:///path/to/folder?database=name"


class Settings:
    """What a connection string asks for; times in seconds.

    ``protocol`` is ``http``, ``native`` or ``embedded``; the last has a ``folder`` in place of ``addresses``.
    ``server`` holds the parameters that are settings of the server.
    """

    def __init__(self) -> None:
        self.protocol = "native"
        self.scheme = ""
        self.addresses: tuple[str, ...] = ()
        self.folder = ""
        self.user = ""
        self.password = ""
        self.database = ""
        self.server: dict[str, str] = {}
        self.secure = False
        self.skip_verify = False
        self.tls_server_name = ""
        self.strategy = "in_order"
        self.dial_timeout = 30.0
        self.read_timeout = 300.0
        self.http_path = ""
        self.http_proxy = ""
        self.products = ""


def read_dsn(text: str) -> Settings:
    """Take a connection string apart. Raises ConnectError in clickhouse-go's words, without the password."""
    try:
        return _read(text)
    except ValueError as error:
        message = str(error)
        raise ConnectError(message, driver_text=message, hint=_HINT) from None


def _read(text: str) -> Settings:
    if text.lower().startswith("chdb:"):
        return _read_embedded(text)
    url = _read_url(text)
    if not url.host:
        raise ValueError("parse dsn address failed")
    found = Settings()
    found.user, found.password = url.user or "", url.password
    found.addresses = tuple(url.host.split(","))
    found.database = url.path.removeprefix("/")
    given = _first_values(url)
    for name, value in given.items():
        _READERS.get(name, _read_setting(name))(found, value)
    if found.tls_server_name and not found.secure:
        raise ValueError("clickhouse [dsn parse]: tls_server_name requires secure=true")
    found.scheme = url.scheme
    if url.scheme in ("http", "https"):
        found.protocol = "http"
        if found.secure and url.scheme == "http":
            raise ValueError("clickhouse [dsn parse]: http with TLS specify")
        if not found.secure and url.scheme == "https":
            raise ValueError("clickhouse [dsn parse]: https without TLS")
    found.user = found.user or "default"
    found.dial_timeout = found.dial_timeout or 30.0
    found.read_timeout = found.read_timeout or 300.0
    return found


def _read_url(text: str) -> Url:
    try:
        return read_url(text)
    except ValueError as error:
        shown = quote(masked(text.partition("#")[0]))
        # Go quotes what it could not read, which may be a piece of the password
        reason = str(error) if "@" not in text else str(error).partition(' "')[0]
        raise ValueError(f"parse {shown}: {reason}") from None


def _first_values(url: Url) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in url.query:
        given.setdefault(name, value)
    return given


def _read_embedded(text: str) -> Settings:
    """``chdb:///absolute/folder``, ``chdb://relative/folder`` or ``chdb:folder``, with parameters."""
    from greylag.databases.clickhouse.url import read_query, unescape

    path, _, query = text[5:].partition("?")
    found = Settings()
    found.protocol = "embedded"
    found.read_timeout = _WEEK  # its process is our own: nobody gains by giving up on it
    found.folder = unescape(path.removeprefix("//"))
    if not found.folder:
        message = "chdb:// names no folder"
        raise ConnectError(message, driver_text=message, hint=_EMBEDDED_HINT)
    for name, value in read_query(query):
        if name == "database":
            found.database = value
        else:
            _read_setting(name)(found, value)
    return found


def _read_setting(name: str) -> Callable[[Settings, str], None]:
    """A parameter clickhouse-go does not know is the server's: lower case, switches as numbers."""

    def read(found: Settings, value: str) -> None:
        found.server[name] = _as_setting(value.lower())

    return read


def _as_setting(value: str) -> str:
    try:
        return str(read_number(value))
    except ValueError:
        return {"true": "1", "false": "0"}.get(value, value)


def _read_compression_level(_found: Settings, value: str) -> None:
    def read(text: str) -> int:
        return read_number(text, named="ParseInt", low=-128, high=127)

    _prefixed("compress_level invalid value: ", read, value)


def _read_whole_number(name: str) -> Callable[[Settings, str], None]:
    def read(_found: Settings, value: str) -> None:
        _prefixed(f"{name} invalid value: ", read_number, value)

    return read


def _read_block_size(_found: Settings, value: str) -> None:
    if read_number(value, named="ParseUint", low=0, high=255) == 0:
        raise ValueError("block_buffer_size must be greater than 0")


def _read_dial_timeout(found: Settings, value: str) -> None:
    found.dial_timeout = _prefixed("clickhouse [dsn parse]: dial timeout: ", parse_duration, value) / 1e9


def _read_read_timeout(found: Settings, value: str) -> None:
    found.read_timeout = _prefixed("clickhouse [dsn parse]:read timeout: ", parse_duration, value) / 1e9


def _read_lifetime(_found: Settings, value: str) -> None:
    _prefixed("conn_max_lifetime invalid value: ", parse_duration, value)


def _read_secure(found: Settings, value: str) -> None:
    found.secure = value == "" or _prefixed("clickhouse [dsn parse]:secure: ", read_switch, value)


def _read_skip_verify(found: Settings, value: str) -> None:
    found.skip_verify = value == "" or _prefixed("clickhouse [dsn parse]:verify: ", read_switch, value)


def _read_tls_server_name(found: Settings, value: str) -> None:
    found.tls_server_name = value.strip()
    if not found.tls_server_name:
        raise ValueError("clickhouse [dsn parse]: tls_server_name must not be empty")


def _read_strategy(found: Settings, value: str) -> None:
    if value in ("in_order", "round_robin", "random"):
        found.strategy = value


def _read_proxy(found: Settings, value: str) -> None:
    try:
        read_url(value)
    except ValueError as error:
        raise ValueError(
            f"clickhouse [dsn parse]: http_proxy: parse {quote(masked(value))}: {error}"
        ) from None
    found.http_proxy = value


def _read_path(found: Settings, value: str) -> None:
    found.http_path = f"/{value}" if value and not value.startswith("/") else value


def _plain(attribute: str) -> Callable[[Settings, str], None]:
    def read(found: Settings, value: str) -> None:
        setattr(found, attribute, value)

    return read


def _ignore(_found: Settings, _value: str) -> None:
    """A parameter that changes nothing here: answers of migrations are too small to be worth packing."""


def _prefixed(prefix: str, read: Callable[[str], T], value: str) -> T:
    try:
        return read(value)
    except ValueError as error:
        raise ValueError(f"{prefix}{error}") from None


_READERS: Mapping[str, Callable[[Settings, str], None]] = {
    "debug": _ignore,
    "compress": _ignore,
    "compress_level": _read_compression_level,
    "max_compression_buffer": _read_whole_number("max_compression_buffer"),
    "dial_timeout": _read_dial_timeout,
    "block_buffer_size": _read_block_size,
    "read_timeout": _read_read_timeout,
    "secure": _read_secure,
    "skip_verify": _read_skip_verify,
    "tls_server_name": _read_tls_server_name,
    "connection_open_strategy": _read_strategy,
    "max_open_conns": _read_whole_number("max_open_conns"),
    "max_idle_conns": _read_whole_number("max_idle_conns"),
    "conn_max_lifetime": _read_lifetime,
    "username": _plain("user"),
    "password": _plain("password"),
    "database": _plain("database"),
    "client_info_product": _plain("products"),
    "http_proxy": _read_proxy,
    "http_path": _read_path,
}
"""clickhouse-go's own parameters to what reads them; every other name is a setting of the server."""
