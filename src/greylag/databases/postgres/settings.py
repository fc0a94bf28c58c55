"""What connection text comes down to: immutable values that never show a password."""

from __future__ import annotations

from greylag.model.records import NamedTuple


class Tls(NamedTuple):
    """How TLS is spoken where it is. ``verify`` is empty, ``ca`` or ``full``; paths may be empty."""

    verify: str
    roots: str
    certificate: str
    key: str
    key_password: str
    sni: bool
    direct: bool

    def __repr__(self) -> str:
        return f"Tls(verify={self.verify!r}, roots={self.roots!r}, certificate={self.certificate!r})"


class Endpoint(NamedTuple):
    """A host name, address or socket folder with its port, and whether to try TLS there."""

    host: str
    port: int
    encrypted: bool


class Settings(NamedTuple):
    """What a connection needs to know. ``timeout`` is in seconds per address, 0 for none."""

    user: str
    password: str
    database: str
    endpoints: tuple[Endpoint, ...]
    tls: Tls
    timeout: int
    runtime: dict[str, str]
    target: str
    client: dict[str, str]
    """What goes to libpq as it is: channel binding, authentication methods, protocol versions, Kerberos."""
    caches_statements: bool
    """pgx prepares the version row's INSERT once per connection, unless told not to."""

    def __repr__(self) -> str:
        return f"Settings(user={self.user!r}, database={self.database!r}, endpoints={self.endpoints!r})"


class UnusableError(Exception):
    """What is wrong with a setting: pgx's words for which, and why."""

    def __init__(self, what: str, why: object = "") -> None:
        super().__init__(f"{what} ({why})" if why else what)
