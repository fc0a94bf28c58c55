"""sslmode and its files, checked before any connection is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.settings import UnusableError
from greylag.databases.postgres.tls import read_tls

if TYPE_CHECKING:
    from pathlib import Path

PEM = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"


@pytest.fixture
def pem(tmp_path: Path) -> str:
    path = tmp_path / "x.pem"
    path.write_text(PEM)
    return str(path)


@pytest.mark.parametrize(
    ("mode", "verify"),
    [("allow", ""), ("prefer", ""), ("require", ""), ("verify-ca", "ca"), ("verify-full", "full"), ("", "")],
)
def test_what_is_verified(mode: str, verify: str) -> None:
    assert read_tls({"sslmode": mode})[0].verify == verify


def test_require_with_roots_verifies_them(pem: str) -> None:
    assert read_tls({"sslmode": "require", "sslrootcert": pem})[0].verify == "ca"
    assert read_tls({"sslmode": "prefer", "sslrootcert": pem})[0].verify == ""


def test_the_roots_of_the_system_mean_full_verification() -> None:
    tls, tries = read_tls({"sslmode": "disable", "sslrootcert": "system"})
    assert (tls.verify, tries) == ("full", (True,))


def test_direct_negotiation_leaves_no_way_back() -> None:
    tls, tries = read_tls({"sslnegotiation": "direct"})
    assert tls.direct
    assert tries == (True,)


def test_a_client_certificate(pem: str) -> None:
    tls, _ = read_tls(
        {"sslmode": "require", "sslcert": pem, "sslkey": pem, "sslpassword": "s", "sslsni": "0"}
    )
    assert (tls.certificate, tls.key, tls.key_password, tls.sni) == (pem, pem, "s", False)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"sslmode": "bogus"}, "sslmode is invalid"),
        ({"sslrootcert": "/nope"}, "unable to read CA file: open /nope: no such file or directory"),
        ({"sslrootcert": "{text}"}, "unable to add CA to cert pool"),
        ({"sslcert": "/nope"}, 'both "sslcert" and "sslkey" are required'),
        ({"sslkey": "/nope"}, 'both "sslcert" and "sslkey" are required'),
        (
            {"sslcert": "/nope", "sslkey": "/nope"},
            "unable to read sslkey: open /nope: no such file or directory",
        ),
        ({"sslcert": "/nope", "sslkey": "{text}"}, "failed to decode sslkey"),
        (
            {"sslcert": "/nope", "sslkey": "{pem}"},
            "unable to read cert: open /nope: no such file or directory",
        ),
    ],
)
def test_what_cannot_be_used(settings: dict[str, str], reason: str, pem: str, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no certificate")
    with pytest.raises(UnusableError) as caught:
        read_tls({key: value.format(text=text, pem=pem) for key, value in settings.items()})
    assert str(caught.value) == f"failed to configure TLS ({reason})"
