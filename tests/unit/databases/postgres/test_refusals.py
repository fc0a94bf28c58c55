"""libpq's words for a failed attempt, and what pgx and we make of them."""

from __future__ import annotations

import pytest

from greylag.databases.postgres import dsn, refusals
from greylag.databases.postgres.addresses import Address

PLAIN = Address("h", "10.0.0.1", 5432, False, "10.0.0.1:5432")
TLS = PLAIN._replace(encrypted=True)
SOCKET = Address("/run", "", 5432, False, "/run/.s.PGSQL.5432")
STARTED, MADE, WAITING, IN_TLS = 2, 3, 4, 7
UNVERIFIED = "10.0.0.1:5432 (h): failed to write startup message: write failed: tls: failed to verify certificate: x509: "
REQUIRED = "10.0.0.1:5432 (h): require_auth check failed: authentication method requirement"
BINDING = "10.0.0.1:5432 (h): failed SASL auth: channel binding required"
FAILED = 'connection to server at "10.0.0.1", port 5432 failed: '


def of(address: Address, phase: int, said: str, *, password: bool = False) -> refusals.Refusal:
    return refusals.of_attempt(address, phase, FAILED + said, "u", used_password=password)


@pytest.mark.parametrize(
    ("address", "phase", "said", "line"),
    [
        (
            PLAIN, STARTED, "Connection refused\n\tIs the server running on that host?\n",
            "10.0.0.1:5432 (h): dial error: dial tcp 10.0.0.1:5432: connect: connection refused",
        ),
        (
            SOCKET, STARTED, "No such file or directory\n\tIs the server running locally?\n",
            "/run/.s.PGSQL.5432 (/run): dial error: dial unix /run/.s.PGSQL.5432: connect: no such file or directory",
        ),
        (
            TLS, IN_TLS, "server does not support SSL, but SSL was required\n",
            "10.0.0.1:5432 (h): tls error: server refused TLS connection",
        ),
        (TLS, IN_TLS, "server closed the connection unexpectedly\n\tThis", "10.0.0.1:5432 (h): tls error: EOF"),
        (
            PLAIN, WAITING, "server closed the connection unexpectedly\n\tThis",
            "10.0.0.1:5432 (h): failed to receive message: unexpected EOF",
        ),
        (
            TLS, IN_TLS, "SSL error: certificate verify failed\n",
            f"{UNVERIFIED}certificate signed by unknown authority",
        ),
        (
            TLS, IN_TLS, 'server certificate for "a" does not match host name "b"\n',
            f"{UNVERIFIED}certificate is valid for a, not b",
        ),
        (
            TLS, IN_TLS, 'server certificate for "a" does not match host name "10.0.0.1"\n',
            f"{UNVERIFIED}cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
        ),
        (
            PLAIN, WAITING, 'authentication method requirement "md5" failed: server requested SASL authentication',
            f'{REQUIRED} "md5" failed: server requested scram-sha-256 authentication',
        ),
        (
            PLAIN, WAITING, "channel binding required, but SSL not in use\n",
            f"{BINDING} but server does not support SCRAM-SHA-256-PLUS",
        ),
        (
            PLAIN, WAITING, 'FATAL:  3D000: database "x" does not exist\nLOCATION:  InitPostgres, postinit.c:941\n',
            '10.0.0.1:5432 (h): server error: FATAL: database "x" does not exist (SQLSTATE 3D000)',
        ),
        (
            PLAIN, WAITING, "FATAL:  57P03: one\ntwo\nDETAIL:  d\nHINT:  h\nLOCATION:  f, f.c:1\n",
            "10.0.0.1:5432 (h): server error: FATAL: one\ntwo (SQLSTATE 57P03)",
        ),
    ],
)  # fmt: skip
def test_pgx_lines(address: Address, phase: int, said: str, line: str) -> None:
    refusal = of(address, phase, said)
    assert refusal.line == line
    assert refusal.message
    assert "failed: " not in refusal.message or "requirement" in said


def test_a_wrong_password() -> None:
    said = 'FATAL:  28P01: password authentication failed for user "u"\nLOCATION:  x\n'
    text = 'FATAL: password authentication failed for user "u" (SQLSTATE 28P01)'
    assert of(PLAIN, WAITING, said, password=True).line == f"10.0.0.1:5432 (h): failed SASL auth: {text}"
    assert of(PLAIN, WAITING, said).line == f"10.0.0.1:5432 (h): server error: {text}"
    none = of(PLAIN, WAITING, "fe_sendauth: no password supplied\n")
    assert none.line == f"10.0.0.1:5432 (h): failed SASL auth: {text}"
    assert (none.sqlstate, none.hint) == (
        "28P01",
        "check the password in the DSN, PGPASSWORD or the password file",
    )


def test_people_read_what_happened_and_where() -> None:
    assert of(PLAIN, STARTED, "Connection refused\n").message == "connection refused by 10.0.0.1:5432"
    assert (
        of(SOCKET, STARTED, "Permission denied\n").message
        == "cannot reach /run/.s.PGSQL.5432: permission denied"
    )
    known = of(PLAIN, WAITING, 'FATAL:  3D000: database "x" does not exist\nLOCATION:  x\n')
    assert (known.message, known.sqlstate) == ('database "x" does not exist', "3D000")
    assert known.hint


@pytest.mark.parametrize(
    ("address", "phase", "step"),
    [
        (PLAIN, STARTED, "dial error"),
        (TLS, IN_TLS, "tls error"),
        (PLAIN, MADE, "failed to receive message"),
        (TLS, WAITING, "failed to receive message"),
    ],
)
def test_no_answer_in_time(address: Address, phase: int, step: str) -> None:
    refusal = refusals.of_timeout(address, phase)
    assert refusal.line == f"10.0.0.1:5432 (h): {step}: timeout: context deadline exceeded"
    assert refusal.message == "no answer from 10.0.0.1:5432 in the time given"


def test_a_server_of_another_role() -> None:
    refusal = refusals.of_role(PLAIN, "read only connection")
    assert refusal.line == "10.0.0.1:5432 (h): ValidateConnect failed: read only connection"
    assert not refusal.second_best
    assert refusals.of_role(PLAIN, "standby server not found: server is not in hot standby mode").second_best


def test_one_failure_on_one_line_several_on_lines_of_their_own() -> None:
    settings = dsn.parse("postgres://u:secret@h/d?sslmode=disable", {})
    first, second = of(PLAIN, STARTED, "Connection refused\n"), of(SOCKET, STARTED, "Permission denied\n")
    one = refusals.together(settings, [first])
    assert one.driver_text == f"failed to connect to `user=u database=d`: {first.line}"
    assert (one.message, one.sqlstate, one.hint) == (first.message, "", first.hint)
    both = refusals.together(settings, [first, second])
    assert both.driver_text == f"failed to connect to `user=u database=d`:\n\t{first.line}\n\t{second.line}"
    assert both.message == f"{first.message}; {second.message}"
    name = refusals.of_name("lookup h: no such host")
    unknown = refusals.together(settings, [name, name], resolved=False)
    assert unknown.driver_text == (
        "failed to connect to `user=u database=d`:\n\thostname resolving error: lookup h: no such host\n\t"
        "lookup h: no such host"
    )
    assert unknown.message == "no address is known for the host h"


def test_the_servers_own_word_is_the_message() -> None:
    settings = dsn.parse("postgres://u@h/d", {})
    refused = of(TLS, IN_TLS, "server does not support SSL, but SSL was required\n")
    missing = of(PLAIN, WAITING, 'FATAL:  3D000: database "d" does not exist\nLOCATION:  x\n')
    error = refusals.together(settings, [refused, missing])
    assert (error.message, error.sqlstate) == ('database "d" does not exist', "3D000")
