"""From connection text, PG* variables, service and password files to settings, by the rules of pgx v5.10."""

from __future__ import annotations

import os

from greylag.databases.postgres.conninfo import is_url, read_keywords, read_url, redact
from greylag.databases.postgres.passfile import find_password
from greylag.databases.postgres.settings import Endpoint, Settings, Tls, UnusableError
from greylag.databases.postgres.tls import read_tls
from greylag.errors import ConnectError
from greylag.model.numbers import parse_int
from greylag.model.quoting import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLES = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGDATABASE": "database",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGPASSFILE": "passfile",
    "PGAPPNAME": "application_name",
    "PGCONNECT_TIMEOUT": "connect_timeout",
    "PGSSLMODE": "sslmode",
    "PGSSLKEY": "sslkey",
    "PGSSLCERT": "sslcert",
    "PGSSLSNI": "sslsni",
    "PGSSLROOTCERT": "sslrootcert",
    "PGSSLPASSWORD": "sslpassword",
    "PGSSLNEGOTIATION": "sslnegotiation",
    "PGTARGETSESSIONATTRS": "target_session_attrs",
    "PGSERVICE": "service",
    "PGSERVICEFILE": "servicefile",
    "PGTZ": "timezone",
    "PGOPTIONS": "options",
    "PGMINPROTOCOLVERSION": "min_protocol_version",
    "PGMAXPROTOCOLVERSION": "max_protocol_version",
    "PGCHANNELBINDING": "channel_binding",
    "PGREQUIREAUTH": "require_auth",
}
_NOT_SENT = frozenset(
    (
        *("host", "port", "database", "user", "password", "passfile", "connect_timeout", "service"),
        *("servicefile", "sslmode", "sslkey", "sslcert", "sslrootcert", "sslnegotiation", "sslpassword"),
        *("sslsni", "krbspn", "krbsrvname", "target_session_attrs", "min_protocol_version"),
        *("max_protocol_version", "channel_binding", "require_auth", "statement_cache_capacity"),
        *("description_cache_capacity", "default_query_exec_mode"),
    )
)
"""Settings that configure the client; every other one is sent to the server as a run-time parameter."""

_SOCKET_FOLDERS = ("/var/run/postgresql", "/private/tmp", "/tmp")  # noqa: S108 - where servers put their socket
_TARGETS = ("any", "read-write", "read-only", "primary", "standby", "prefer-standby")
_EXEC_MODES = ("cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol")
_AUTH_METHODS = ("password", "md5", "gss", "sspi", "scram-sha-256", "oauth", "none")


def parse(text: str, environ: Mapping[str, str]) -> Settings:
    """The settings ``text`` stands for; ``environ`` fills the gaps. Raises ConnectError where pgx refuses."""
    try:
        return _check(_merge(text, environ))
    except UnusableError as problem:
        message = f"cannot parse `{redact(text)}`: {problem}"
        raise ConnectError(
            message, driver_text=message, hint="a DSN looks like postgres://user:password@host:5432/database"
        ) from None


def _merge(text: str, environ: Mapping[str, str]) -> dict[str, str]:
    given: dict[str, str] = {}
    if text:
        try:
            given = read_url(text) if is_url(text) else read_keywords(text)
        except ValueError as error:
            form = "URL" if is_url(text) else "keyword/value"
            raise UnusableError(f"failed to parse as {form}", error) from None
    variables = {setting: environ[name] for name, setting in _VARIABLES.items() if environ.get(name)}
    settings = _defaults() | variables | given
    if "service" in settings:
        from greylag.databases.postgres.servicefile import read_service

        try:
            service = read_service(settings.get("servicefile", ""), settings["service"])
        except ValueError as error:
            raise UnusableError("failed to read service", error) from None
        settings = _defaults() | variables | service | given
    return settings


def _defaults() -> dict[str, str]:
    import pwd

    folder = next((path for path in _SOCKET_FOLDERS if os.path.exists(path)), "localhost")
    settings = {"host": folder, "port": "5432", "target_session_attrs": "any"}
    try:
        account = pwd.getpwuid(os.getuid())
    except KeyError:
        return settings
    home = account.pw_dir
    settings |= {"user": account.pw_name, "passfile": f"{home}/.pgpass"}
    settings["servicefile"] = f"{home}/.pg_service.conf"
    certificate, key, roots = (
        f"{home}/.postgresql/{name}" for name in ("postgresql.crt", "postgresql.key", "root.crt")
    )
    if os.path.exists(certificate) and os.path.exists(key):
        settings |= {"sslcert": certificate, "sslkey": key}
    if os.path.exists(roots):
        settings["sslrootcert"] = roots
    return settings


def _check(settings: dict[str, str]) -> Settings:
    timeout = _timeout(settings.get("connect_timeout"))
    endpoints: list[Endpoint] = []
    tls = Tls("", "", "", "", "", sni=True, direct=False)
    ports = settings["port"].split(",")
    for index, host in enumerate(settings["host"].split(",")):
        port = _port(ports[index] if index < len(ports) else ports[0])
        tries: tuple[bool, ...] = (False,)
        if not host.startswith("/"):
            tls, tries = read_tls(settings)
        endpoints += [Endpoint(host, port, encrypted) for encrypted in tries]
    user, database = settings.get("user", ""), settings.get("database", "")
    password = settings.get("password", "")
    if not password and settings.get("passfile"):
        first = endpoints[0]
        host = "localhost" if first.host.startswith("/") else first.host
        password = find_password(settings["passfile"], host, str(first.port), database, user)
    if settings["target_session_attrs"] not in _TARGETS:
        raise UnusableError(f"unknown target_session_attrs value: {settings['target_session_attrs']}")
    client = _client(settings)
    return Settings(
        user=user,
        password=password,
        database=database,
        endpoints=tuple(endpoints),
        tls=tls,
        timeout=timeout,
        runtime={key: value for key, value in settings.items() if key not in _NOT_SENT},
        target=settings["target_session_attrs"],
        client=client,
        caches_statements=_caches_statements(settings),
    )


def _timeout(value: str | None) -> int:
    if value is None:
        return 0
    try:
        seconds = parse_int(value)
    except ValueError as error:
        raise UnusableError(
            "invalid connect_timeout", f"strconv.ParseInt: parsing {quote(value)}: {error}"
        ) from None
    if seconds < 0:
        raise UnusableError("invalid connect_timeout", "negative timeout")
    return seconds


def _port(value: str) -> int:
    digits = value.isascii() and value.isdigit()
    if not digits or int(value) > 65535:
        why = "value out of range" if digits else "invalid syntax"
        raise UnusableError("invalid port", f"strconv.ParseUint: parsing {quote(value)}: {why}")
    if int(value) == 0:
        raise UnusableError("invalid port", "outside range")
    return int(value)


def _client(settings: dict[str, str]) -> dict[str, str]:
    versions: dict[str, str] = {}
    for key in ("min_protocol_version", "max_protocol_version"):
        value = settings.get(key, "")
        if value not in ("", "3.0", "3.2", "latest"):
            raise UnusableError(f"invalid {key}: {quote(value)}", f"invalid protocol version: {quote(value)}")
        if value:
            versions[key] = value
    if versions.get("min_protocol_version", "3.0") != "3.0" and versions.get("max_protocol_version") == "3.0":
        raise UnusableError("min_protocol_version cannot be greater than max_protocol_version")
    binding = settings.get("channel_binding", "")
    if binding not in ("", "disable", "prefer", "require"):
        raise UnusableError(f"unknown channel_binding value: {binding}")
    _check_methods(settings.get("require_auth", ""))
    names = ("channel_binding", "require_auth", "krbsrvname")
    return versions | {name: settings[name] for name in names if settings.get(name)}


def _check_methods(text: str) -> None:
    seen: set[str] = set()
    negative = text.lstrip().startswith("!")
    for part in text.split(",") if text else ():
        method = part.strip()
        if method.startswith("!") != negative:
            kind = "negative methods" if negative else "non-negative methods"
            which = "require_auth method" if negative else "negative require_auth method"
            raise UnusableError(
                "invalid require_auth",
                f"{which} {quote(method.removeprefix('!'))} cannot be mixed with {kind}",
            )
        method = method.removeprefix("!")
        if method not in _AUTH_METHODS:
            raise UnusableError("invalid require_auth", f"invalid require_auth method: {quote(method)}")
        if method in seen:
            raise UnusableError(
                "invalid require_auth", f"require_auth method {quote(part)} is specified more than once"
            )
        seen.add(method)


def _caches_statements(settings: dict[str, str]) -> bool:
    for key in ("statement_cache_capacity", "description_cache_capacity"):
        value = settings.get(key)
        if value is None:
            continue
        try:
            number = parse_int(value)
            fault = "" if -(1 << 31) <= number < 1 << 31 else "value out of range"
        except ValueError as error:
            fault = str(error)
        if fault:
            raise UnusableError(f"cannot parse {key}", f"strconv.ParseInt: parsing {quote(value)}: {fault}")
    mode = settings.get("default_query_exec_mode", "cache_statement")
    if mode not in _EXEC_MODES:
        raise UnusableError("invalid default_query_exec_mode", f"unknown value {quote(mode)}")
    return mode == "cache_statement" and settings.get("statement_cache_capacity") != "0"
