"""The TLS settings of a connection, read as pgx reads them: sslmode and its files."""

from __future__ import annotations

from greylag.databases.postgres.settings import Tls, UnusableError
from greylag.model.reasons import reason_of

_TRIES = {
    "disable": (False,),
    "allow": (False, True),
    "prefer": (True, False),
    "require": (True,),
    "verify-ca": (True,),
    "verify-full": (True,),
}
"""sslmode to the attempts made per host: with TLS, without."""


def _read(path: str, what: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError as error:
        raise UnusableError(
            "failed to configure TLS", f"unable to read {what}: open {path}: {reason_of(error)}"
        ) from None


def read_tls(settings: dict[str, str]) -> tuple[Tls, tuple[bool, ...]]:
    """How TLS is spoken, and the attempts made per host: with it, without. Raises UnusableError."""

    def refuse(why: str) -> UnusableError:
        return UnusableError("failed to configure TLS", why)

    mode = settings.get("sslmode") or "prefer"
    direct = settings.get("sslnegotiation") == "direct"
    if direct and mode == "prefer":
        mode = "require"
    roots = settings.get("sslrootcert", "")
    if roots == "system":
        mode = "verify-full"
    elif roots and "-----BEGIN CERTIFICATE-----" not in _read(roots, "CA file"):
        raise refuse("unable to add CA to cert pool")
    if mode not in _TRIES:
        raise refuse("sslmode is invalid")
    certificate, key = settings.get("sslcert", ""), settings.get("sslkey", "")
    if mode == "disable":
        return Tls("", "", "", "", "", sni=True, direct=direct), _TRIES[mode]
    if bool(certificate) != bool(key):
        raise refuse('both "sslcert" and "sslkey" are required')
    if key:
        if "-----BEGIN " not in _read(key, "sslkey"):
            raise refuse("failed to decode sslkey")
        _read(certificate, "cert")
    verify = {"verify-ca": "ca", "verify-full": "full", "require": "ca" if roots else ""}.get(mode, "")
    sni = settings.get("sslsni", "1") in ("", "1")
    return Tls(
        verify, roots, certificate, key, settings.get("sslpassword", ""), sni=sni, direct=direct
    ), _TRIES[mode]
