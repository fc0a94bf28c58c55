"""Connecting as pgx does: every address in its order, one libpq attempt each, errors in pgx's words."""

from __future__ import annotations

import os
import select
from time import monotonic

from greylag.databases.postgres import failures, libpq
from greylag.databases.postgres.addresses import find_addresses
from greylag.databases.postgres.channel import Channel
from greylag.databases.postgres.refusals import Refusal, of_attempt, of_name, of_role, of_timeout, together
from greylag.databases.postgres.waiting import StopError, end_of, wait_for
from greylag.errors import DatabaseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.base import Deadline, Interrupt
    from greylag.databases.postgres.addresses import Address
    from greylag.databases.postgres.settings import Settings

_NOWHERE = "/dev/null/."
"""A path nothing can exist at: keeps libpq from files of its own choice, which pgx would not read."""

_FINAL = ("28P01", "3D000", "42501")
"""Answers after which pgx tries no other address: wrong password, no such database, no right to connect."""

_ROOTS = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where Go looks for the system's certificates."""

_STANDBY = b"select pg_catalog.pg_is_in_recovery()::text"
_READ_ONLY = b"show transaction_read_only"
_ROLES = {
    "read-write": (_READ_ONLY, b"off", "read only connection"),
    "read-only": (_READ_ONLY, b"on", "connection is not read only"),
    "primary": (_STANDBY, b"false", "server is in standby mode"),
    "standby": (_STANDBY, b"true", "server is not in hot standby mode"),
    "prefer-standby": (_STANDBY, b"true", "standby server not found: server is not in hot standby mode"),
}
"""target_session_attrs to (query, the value wanted, pgx's text for another)."""


def connect(settings: Settings, deadline: Deadline | None, interrupt: Interrupt | None) -> Channel:
    """Open a connection. Raises ConnectError; StopError when a signal comes or the deadline passes early."""
    until = end_of(deadline)
    addresses, unknown = find_addresses(settings.endpoints, until, interrupt)
    refusals = [of_name(text) for text in unknown]
    if not addresses:
        raise together(settings, refusals, resolved=False)
    second_best: Address | None = None
    limit, place = until, ""
    for address in addresses:
        if settings.timeout and address.shown != place:
            limit, place = _earlier(until, monotonic() + settings.timeout), address.shown
        attempt = _Attempt(settings, address, deadline, interrupt)
        attempt.until = limit
        answer = attempt.run()
        if isinstance(answer, Channel):
            return answer
        refusals.append(answer)
        if answer.sqlstate in _FINAL:
            break
        if answer.second_best:
            second_best = address
    if second_best is not None:
        attempt = _Attempt(settings, second_best, deadline, interrupt)
        attempt.until = _earlier(until, monotonic() + settings.timeout) if settings.timeout else until
        answer = attempt.run(any_role=True)
        if isinstance(answer, Channel):
            return answer
        refusals.append(answer)
    raise together(settings, refusals)


def _earlier(one: float | None, other: float) -> float:
    return other if one is None else min(one, other)


class _Attempt:
    """One try at one address, with or without TLS, given up at ``until`` on the monotonic clock."""

    def __init__(
        self, settings: Settings, address: Address, deadline: Deadline | None, interrupt: Interrupt | None
    ) -> None:
        self.library = libpq.load()
        self.settings = settings
        self.address = address
        self.deadline = deadline
        self.interrupt = interrupt
        self.until: float | None = None

    def run(self, *, any_role: bool = False) -> Channel | Refusal:
        """The open connection, or why there is none."""
        if self.until is not None and monotonic() >= self.until:
            return of_timeout(self.address, libpq.CONNECTION_STARTED)
        hidden = {name: value for name, value in os.environ.items() if name.startswith("PG")}
        for name in hidden:  # the DSN has them already, by pgx's rules; libpq's own would come on top
            os.unsetenv(name)
        try:
            handle, phase = self._open()
        finally:
            for name, value in hidden.items():
                os.putenv(name, value)
        if phase:
            said = failures.text(self.library.error_message(handle))
            used_password = bool(self.library.used_password(handle))
            self.library.finish(handle)
            if phase < 0:
                return of_timeout(self.address, -phase)
            return of_attempt(self.address, phase, said, self.settings.user, used_password=used_password)
        channel = Channel(
            self.library,
            handle,
            self.address,
            self.deadline,
            self.interrupt,
            caches_statements=self.settings.caches_statements,
        )
        fault = "" if any_role else self._fault_of_role(channel)
        if not fault:
            return channel
        channel.close()
        return of_role(self.address, fault)

    def _open(self) -> tuple[int, int]:
        """The connection, and 0 or the phase it failed in: negative when the time was up."""
        library = self.library
        words = self._words()
        handle = library.connect_start(
            libpq.strings([key.encode() for key in words]),
            libpq.strings([value.encode("utf-8", "surrogateescape") for value in words.values()]),
            0,
        )
        if not handle:
            raise MemoryError
        library.set_error_verbosity(handle, libpq.ERRORS_VERBOSE)
        library.set_notice_receiver(handle, libpq.SILENT, None)
        wanted, phase = libpq.POLLING_WRITING, libpq.CONNECTION_STARTED
        if library.status(handle) == libpq.CONNECTION_BAD:
            return handle, phase
        while wanted != libpq.POLLING_OK:
            if wanted == libpq.POLLING_FAILED:
                return handle, phase
            events = select.POLLIN if wanted == libpq.POLLING_READING else select.POLLOUT
            try:
                if not wait_for(library.socket(handle), events, self.until, self.interrupt):
                    return handle, -phase
            except StopError:
                library.finish(handle)
                raise
            phase = library.status(handle)
            wanted = library.connect_poll(handle)
        library.set_error_verbosity(handle, libpq.ERRORS_DEFAULT)
        library.set_nonblocking(handle, 1)
        return handle, 0

    def _words(self) -> dict[str, str]:
        settings, address = self.settings, self.address
        words = {
            "host": address.host,
            "hostaddr": address.ip,
            "port": str(address.port),
            "user": settings.user,
            "password": settings.password,
            "dbname": settings.database,
            "passfile": _NOWHERE,
            "gssencmode": "disable",
            "target_session_attrs": "any",
        }
        words |= self._tls_words() if address.encrypted else {"sslmode": "disable"}
        words |= settings.client
        runtime = dict(settings.runtime)
        words |= {name: runtime.pop(name) for name in _OWN_KEYWORDS if name in runtime}
        options = [runtime.pop("options", "")]
        options += [f"-c {_escape(name)}={_escape(value)}" for name, value in runtime.items()]
        words["options"] = " ".join(option for option in options if option)
        return {
            key: value for key, value in words.items() if value and self.library.version >= _SINCE.get(key, 0)
        }

    def _tls_words(self) -> dict[str, str]:
        tls = self.settings.tls
        roots = tls.roots
        if tls.verify and roots in ("", "system"):
            roots = next((path for path in _ROOTS if os.path.exists(path)), "system")
        return {
            "sslmode": f"verify-{tls.verify}" if tls.verify else "require",
            "sslrootcert": roots if tls.verify else _NOWHERE,
            "sslcert": tls.certificate,
            "sslkey": tls.key,
            "sslpassword": tls.key_password,
            "sslcertmode": "" if tls.certificate else "disable",
            "sslcrl": "",
            "sslsni": "1" if tls.sni else "0",
            "sslnegotiation": "direct" if tls.direct else "",
        }

    def _fault_of_role(self, channel: Channel) -> str:
        if self.settings.target not in _ROLES:
            return ""
        query, wanted, fault = _ROLES[self.settings.target]
        try:
            ((value,),) = channel.fetch(query).rows
        except DatabaseError as error:
            return error.driver_text
        return "" if value == wanted else fault


_OWN_KEYWORDS = ("application_name", "client_encoding", "replication")
"""Run-time parameters libpq sends itself; the server treats them unlike ``-c`` options."""

_SINCE = {
    "sslnegotiation": 170000,
    "sslcertmode": 160000,
    "require_auth": 160000,
    "min_protocol_version": 180000,
    "max_protocol_version": 180000,
}
"""Keywords an older libpq would refuse."""


def _escape(text: str) -> str:
    return "".join("\\" + char if char == "\\" or char.isspace() else char for char in text)
