"""Connection text that does not show its password by accident."""

from __future__ import annotations

import re

from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HIDDEN = "xxxxx"
"""What stands for a password, as in the URLs Go prints and in :mod:`greylag.model.masking`."""

SCHEMES = {
    "postgres": "postgres",
    "postgresql": "postgres",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "file": "sqlite",
    "clickhouse": "clickhouse",
    "clickhouses": "clickhouse",
    "tcp": "clickhouse",
    "http": "clickhouse",
    "https": "clickhouse",
    "chdb": "clickhouse",
}
"""URL scheme to engine. ``tcp`` and HTTP are forms ClickHouse drivers take; ``chdb`` is embedded."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_KEYWORD = re.compile(r"\s*[A-Za-z_]+\s*=")
_PATH = re.compile(
    r"(?:/|\./|\.\./|~/)|:memory:$|.*\.(?:db|db3|sqlite|sqlite3)(?:\?|$)", re.IGNORECASE | re.DOTALL
)
_PAIR = re.compile(r"\s*([^\s=']+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(?!')((?:[^\s\\]|\\.)*))(?=\s|$)", re.DOTALL)
_HOST_PORT = re.compile(r"(?:\[[^\]]*\]|[^:\[\]@]*)(?::[0-9]*)?")


class _Fields(NamedTuple):
    user: str = ""
    has_password: bool = False
    addresses: tuple[tuple[str, int], ...] = ()
    database: str = ""
    certain: bool = True
    folder: str = ""


class Dsn:
    """A connection string. Its ``repr`` and ``str`` are masked; only :meth:`reveal` gives it whole.

    It is read leniently, for display and comparison: the driver has the last word on what is valid. Text
    that cannot be taken apart safely (a password with a bare ``@`` or ``/``) has no parts and is not
    ``readable``. ``engine`` is empty when the text is of no known form.
    """

    __slots__ = ("_fields", "_text", "engine", "readable")

    def __init__(self, text: str, engine: str = "") -> None:
        self._text = text.strip()
        self.engine = engine or engine_of(self._text)
        fields = _read(self._text, self.engine)
        self.readable = fields is not None
        self._fields = fields or _Fields()

    def __repr__(self) -> str:
        return f"Dsn({self.masked()!r})"

    def __str__(self) -> str:
        return self.masked()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dsn) and (self._text, self.engine) == (other._text, other.engine)

    def __hash__(self) -> int:
        return hash((self._text, self.engine))

    @property
    def addresses(self) -> tuple[tuple[str, int], ...]:
        """Hosts and ports as written; an empty host or port 0 was not given."""
        return self._fields.addresses

    @property
    def host(self) -> str:
        """The first host, a socket folder, or nothing."""
        return self.addresses[0][0] if self.addresses else ""

    @property
    def port(self) -> int:
        """The first host's port, 0 when none is given."""
        return self.addresses[0][1] if self.addresses else 0

    @property
    def user(self) -> str:
        """The role, or nothing."""
        return self._fields.user

    @property
    def database(self) -> str:
        """The database's name; for SQLite the path of its file."""
        return self._fields.database

    @property
    def folder(self) -> str:
        """The folder of an embedded ClickHouse as written, or nothing."""
        return self._fields.folder

    @staticmethod
    def embedded(folder: str, database: str) -> Dsn:
        """The embedded ClickHouse in ``folder``, with its database."""
        from urllib.parse import quote

        return Dsn(f"chdb://{quote(folder)}?database={quote(database, safe='')}")

    def masked(self) -> str:
        """A text to show: engine, role, host, port and database; ``xxxxx`` where a password stands.

        It is built from the parts and never cut out of the text, so nothing unforeseen can pass.
        """
        if not (self.readable and self._fields.certain):
            return f"{self.engine}://{HIDDEN}" if self.engine else HIDDEN
        if self.engine == "sqlite":
            return _shown(self.database)
        if self.folder:
            return f"chdb://{_shown(self.folder)}" + (
                f"?database={_shown(self.database)}" if self.database else ""
            )
        sockets = [host for host, _ in self.addresses if host.startswith("/")]
        role, colon, _ = self.user.partition(":")  # an escaped colon may hide a password in the role
        login = _shown(role) + (f":{HIDDEN}" if self._fields.has_password or colon else "")
        places = ",".join(_address(*each) for each in self.addresses if not each[0].startswith("/"))
        text = f"{self.engine}://{login + '@' if login else ''}{places}/{_shown(self.database)}"
        return text + ("?host=" + ",".join(map(_shown, sockets)) if sockets else "")

    def reveal(self) -> str:
        """The whole text, for the driver alone; without ``sqlite:`` in front, as drivers want a path."""
        if self.engine != "sqlite":
            return self._text
        bare = re.sub(r"^sqlite3?:(?://(?=/)|//)?", "", self._text, flags=re.IGNORECASE)
        return bare or ":memory:"

    def with_database(self, name: str) -> Dsn:
        """The same server and role, another database. SQLite, whose name is a path, stays as it is."""
        if self.engine == "sqlite" or not self.readable:
            return self
        if self.folder:
            return Dsn.embedded(self.folder, name)
        if not _is_url(self._text):
            quoted = name.replace("\\", "\\\\").replace("'", "\\'")
            return Dsn(f"{self._text} dbname='{quoted}'", self.engine)
        from urllib.parse import quote

        scheme, _, rest = self._text.partition("://")
        authority, _, query = _cut(rest)
        kept = [
            pair for pair in query.split("&") if pair and _decoded(pair.partition("=")[0]) not in _DATABASE
        ]
        tail = "?" + "&".join(kept) if kept else ""
        return Dsn(f"{scheme}://{authority}/{quote(name, safe='')}{tail}", self.engine)


def engine_of(text: str) -> str:
    """The engine a connection string is for, by its form alone; empty when it has none we know."""
    text = text.strip()
    if found := _SCHEME.match(text):
        return SCHEMES.get(found[1].lower(), "")
    if _PATH.match(text):
        return "sqlite"
    return "postgres" if _KEYWORD.match(text) else ""


_DATABASE = ("dbname", "database")
_USER = ("user", "username")


def _read(text: str, engine: str) -> _Fields | None:
    if not engine:
        return None
    if engine == "sqlite":
        return _read_path(text)
    if text[:5].lower() == "chdb:":
        return _read_folder(text)
    return _read_url(text) if _is_url(text) else _read_keywords(text)


def _is_url(text: str) -> bool:
    return "://" in text.partition("=")[0]


def _read_path(text: str) -> _Fields:
    path = re.sub(r"^(?:sqlite3?|file):(?://(?=/)|//)?", "", text, flags=re.IGNORECASE)
    return _Fields(database=path.partition("?")[0] or ":memory:")


def _read_folder(text: str) -> _Fields:
    path, _, query = text[5:].partition("?")
    pairs = (pair.partition("=") for pair in query.split("&"))
    database = next((_decoded(value) for name, _, value in pairs if name == "database"), "")
    return _Fields(database=database, folder=_decoded(path.removeprefix("//")))


def _read_url(text: str) -> _Fields | None:
    """Take a URL apart as Go's parser does: the last ``@`` in front of the path ends user and password."""
    authority, path, query = _cut(text.partition("://")[2])
    if "@" in path or ("@" in query and "@" not in authority):
        return None  # a password with a bare delimiter: whatever is cut out of it may be a piece of it
    login, _, hosts = authority.rpartition("@")
    if not _is_hosts(hosts):
        return None
    user, _, password = login.partition(":")
    given = {"user": _decoded(user), "dbname": _decoded(path[1:])}
    if password:
        given["password"] = password
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    fields = _fields(given, ((_decoded(key), _decoded(value)) for key, _, value in pairs), _addresses(hosts))
    return fields._replace(certain="@" not in query)  # drivers read it, but a password may reach that far


def _read_keywords(text: str) -> _Fields | None:
    """``host=h dbname=d``, as libpq reads it: blanks around ``=``, quotes, backslashes."""
    pairs, at = [], 0
    while text[at:].strip():
        found = _PAIR.match(text, at)
        if found is None:
            return None
        value = found[2] if found[2] is not None else found[3]
        pairs.append((found[1], re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)))
        at = found.end()
    return _fields({}, pairs, ())


def _fields(
    given: dict[str, str], pairs: Iterable[tuple[str, str]], addresses: tuple[tuple[str, int], ...]
) -> _Fields:
    """Settings by name override what stands in front of them, in URLs and keyword strings alike."""
    for key, value in pairs:
        given["dbname" if key in _DATABASE else "user" if key in _USER else key] = value
    hosts = given.get("hostaddr") or given.get("host")
    if hosts is not None or "port" in given:
        names = hosts.split(",") if hosts else [host for host, _ in addresses] or [""]
        ports = given["port"].split(",") if "port" in given else [str(port) for _, port in addresses] or ["0"]
        ports = ports * len(names) if len(ports) == 1 else ports + ["0"] * len(names)
        addresses = tuple((name, _number(port)) for name, port in zip(names, ports, strict=False))
    return _Fields(given.get("user", ""), bool(given.get("password")), addresses, given.get("dbname", ""))


def _cut(rest: str) -> tuple[str, str, str]:
    """Authority, path with its slash, and query of a URL without its scheme."""
    end = re.search(r"[/?#]|$", rest)
    at = end.start() if end else len(rest)
    path, _, query = rest[at:].partition("?")
    return rest[:at], path, query


def _is_hosts(text: str) -> bool:
    return all(_HOST_PORT.fullmatch(each) for each in text.split(","))


def _addresses(text: str) -> tuple[tuple[str, int], ...]:
    return tuple(_split_hosts(text)) if text else ()


def _split_hosts(text: str) -> Iterator[tuple[str, int]]:
    for each in text.split(","):
        bracket, closing, tail = each.rpartition("]")
        host, _, port = (bracket[1:], closing, tail[1:]) if closing else each.partition(":")
        yield _decoded(host), _number(port)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote  # 10 ms to import, and most connection strings hold no escape

    return unquote(text)


def _address(host: str, port: int) -> str:
    shown = _shown(host)
    return (f"[{shown}]" if ":" in shown else shown) + (f":{port}" if port else "")


def _shown(part: str) -> str:
    """A part as a terminal may see it: no control characters, and no connection string inside another."""
    if "://" in part or "=" in part:
        return HIDDEN
    return "".join(char if char.isprintable() else "?" for char in part)
