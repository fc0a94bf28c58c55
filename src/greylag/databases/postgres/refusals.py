"""Why no connection was made: libpq's words turned into pgx's, and into a sentence for people."""

from __future__ import annotations

from greylag.errors import ConnectError
from greylag.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.addresses import Address
    from greylag.databases.postgres.settings import Settings


class Refusal(NamedTuple):
    """One failed attempt: pgx's line for it, ours, and what to do about it."""

    line: str
    message: str
    hint: str = ""
    sqlstate: str = ""
    second_best: bool = False
    """The server answers, and would do if no better one does (target_session_attrs=prefer-standby)."""


# ConnStatusType: where an attempt can fail.
_DIALING = (1, 2, 8, 14)
_BEFORE_STARTUP = (3, 7)

_FROM_SERVER = r"(?s)(?:^|failed: |\n)(\w+):  ([0-9A-Z]{5}): (.*?)(?=\n[A-Z]+:  |\n?$)"
"""An error of the server in libpq's verbose form: severity, SQLSTATE, message."""

_HINTS = {
    "28000": "check user and database, and the server's pg_hba.conf",
    "28P01": "check the password in the DSN, PGPASSWORD or the password file",
    "3D000": "create the database, or correct its name in the DSN",
    "42501": "let the role connect: GRANT CONNECT ON DATABASE … TO …",
    "42704": "unknown DSN parameters are sent to the server as settings: correct the name",
    "53300": "the server is full: close other connections, or raise max_connections",
    "57P03": "the server is starting or stopping: try again in a moment",
}

_UNVERIFIED = "failed to write startup message: write failed: tls: failed to verify certificate: x509: "
_FROM_LIBPQ = (
    (r"server does not support SSL|invalid response to SSL", "tls error: server refused TLS connection"),
    (r"certificate verify failed", f"{_UNVERIFIED}certificate signed by unknown authority"),
    (
        r'certificate for ".*" .*does not match host name "([\d.]+|[\da-f:]*:[\da-f:]*)"',
        rf"{_UNVERIFIED}cannot validate certificate for \1 because it doesn't contain any IP SANs",
    ),
    (
        r'certificate for "(.*?)" .*does not match host name "(.*)"',
        rf"{_UNVERIFIED}certificate is valid for \1, not \2",
    ),
    (
        r"(authentication method requirement .* failed: server requested) (?:SASL|SCRAM-SHA-256) ",
        r"require_auth check failed: \1 scram-sha-256 ",
    ),
    (r"(authentication method requirement .*)", r"require_auth check failed: \1"),
    (
        r"channel binding (?:is )?required, but .*",
        "failed SASL auth: channel binding required but server does not support SCRAM-SHA-256-PLUS",
    ),
)
"""What libpq itself finds wrong (a pattern), and pgx's line for it."""


def of_name(text: str) -> Refusal:
    """A host without an address; ``text`` is Go's line for it."""
    host = text.split()[1].rstrip(":")
    return Refusal(text, f"no address is known for the host {host}", "check the host name in the DSN")


def of_role(address: Address, fault: str) -> Refusal:
    """A server that is not what target_session_attrs asks for."""
    return Refusal(
        f"{address.shown} ({address.host}): ValidateConnect failed: {fault}",
        f"{address.shown} is not the server asked for: {fault}",
        "see target_session_attrs in the DSN",
        second_best=fault.startswith("standby server not found"),
    )


def of_timeout(address: Address, phase: int) -> Refusal:
    """An address that did not answer in time."""
    return Refusal(
        f"{address.shown} ({address.host}): {_step(address, phase)}: timeout: context deadline exceeded",
        f"no answer from {address.shown} in the time given",
        "check host, port and firewall; connect_timeout in the DSN and -timeout set the time",
    )


def of_attempt(address: Address, phase: int, said: str, user: str, *, used_password: bool) -> Refusal:
    """What libpq ``said`` when it failed in ``phase`` (its ConnStatusType)."""
    import re  # only failures come here

    place = f"{address.shown} ({address.host})"
    said = said.partition(" failed: ")[2] or said
    if "no password supplied" in said:
        # pgx sends an empty password and lets the server refuse it.
        said, used_password = f'FATAL:  28P01: password authentication failed for user "{user}"', True
    if server := re.search(_FROM_SERVER, said):
        severity, sqlstate, message = server.groups()
        # libpq does not say which method was used: SCRAM is what a server of today asks for.
        step = "failed SASL auth" if sqlstate == "28P01" and used_password else "server error"
        line = f"{place}: {step}: {severity}: {message} (SQLSTATE {sqlstate})"
        return Refusal(line, message, _HINTS.get(sqlstate, ""), sqlstate)
    first = said.strip().partition("\n")[0]
    if phase in _DIALING:
        return _of_dial(address, place, first)
    for pattern, line in _FROM_LIBPQ:
        if found := re.search(pattern, first):
            rest = first[found.end() :] if found.lastindex == 1 else ""
            hint = "see sslmode, require_auth and channel_binding in the DSN"
            return Refusal(f"{place}: {found.expand(line)}{rest}", f"{address.shown}: {first}", hint)
    message = f"no PostgreSQL answers at {address.shown}: {first}"
    if "server closed the connection unexpectedly" in first:
        first = "EOF" if phase in _BEFORE_STARTUP else "unexpected EOF"
    return Refusal(f"{place}: {_step(address, phase)}: {first}", message)


def _step(address: Address, phase: int) -> str:
    """pgx's name of the step that failed."""
    if phase in _DIALING:
        return "dial error"
    return "tls error" if phase in _BEFORE_STARTUP and address.encrypted else "failed to receive message"


def _of_dial(address: Address, place: str, reason: str) -> Refusal:
    network = "tcp" if address.ip else "unix"
    line = f"{place}: dial error: dial {network} {address.shown}: connect: {reason.lower()}"
    if reason == "Connection refused":
        message = f"connection refused by {address.shown}"
    else:
        message = f"cannot reach {address.shown}: {reason.lower()}"
    return Refusal(line, message, "start the server, or correct host and port in the DSN")


def together(settings: Settings, refusals: list[Refusal], *, resolved: bool = True) -> ConnectError:
    """The error of all attempts: pgx puts several on lines of their own."""
    lines = "\n".join(refusal.line for refusal in refusals)
    details = lines if resolved else f"hostname resolving error: {lines}"
    head = f"failed to connect to `user={settings.user} database={settings.database}`:"
    several = "\n" in details
    driver_text = head + ("\n\t" + details.replace("\n", "\n\t") if several else " " + details)
    last = refusals[-1]
    said = [refusal for refusal in refusals if refusal.sqlstate] or refusals
    messages = dict.fromkeys(refusal.message for refusal in said)
    return ConnectError(
        "; ".join(messages),
        driver_text=driver_text,
        sqlstate=last.sqlstate,
        severity="FATAL",
        hint=last.hint or None,
    )
