"""Connecting: which attempts are made, what the server is told, and what is said when none succeeds."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.base import Deadline
from greylag.databases.postgres import connection, dsn
from greylag.databases.postgres.waiting import StopError
from greylag.errors import ConnectError
from tests.engines.conftest import Signal
from tests.unit.databases.postgres.conftest import PEM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greylag.databases.base import Interrupt
    from greylag.databases.postgres.channel import Channel
    from tests.plugins.postgres import PostgresServer


@pytest.fixture
def connect() -> Iterator[Callable[..., Channel]]:
    opened: list[Channel] = []

    def open_one(
        text: str, deadline: Deadline | None = None, interrupt: Interrupt | None = None, **environ: str
    ) -> Channel:
        made = connection.connect(dsn.parse(text, environ), deadline, interrupt)
        opened.append(made)
        return made

    yield open_one
    for channel in opened:
        channel.close()


def refused(connect: Callable[..., Channel], text: str, **named: object) -> ConnectError:
    with pytest.raises(ConnectError) as caught:
        connect(text, **named)
    return caught.value


def setting(channel: Channel, name: str) -> str:
    ((value,),) = channel.fetch(f"SELECT current_setting('{name}')".encode()).rows
    assert value is not None
    return value.decode()


def place(dsn_text: str) -> tuple[str, str]:
    port, _, rest = dsn_text.partition("127.0.0.1:")[2].partition("/")
    return port, rest.partition("?")[0]


@pytest.fixture
def server(database: str) -> str:
    port, name = place(database)
    return f"host=127.0.0.1 port={port} user=postgres dbname={name} sslmode=disable"


def test_settings_reach_the_server(connect: Callable[..., Channel], server: str) -> None:
    channel = connect(
        rf"""{server} search_path='"a b", c' application_name='my app' work_mem=5MB options='-c geqo=off' """
        r"lock_timeout=7s my.own='back\\slash'",
    )
    assert setting(channel, "search_path") == '"a b", c'
    assert setting(channel, "application_name") == "my app"
    assert setting(channel, "work_mem") == "5MB"
    assert setting(channel, "geqo") == "off"
    assert setting(channel, "lock_timeout") == "7s"
    assert setting(channel, "my.own") == "back\\slash"


def test_an_unknown_setting_is_the_servers_to_refuse(connect: Callable[..., Channel], server: str) -> None:
    error = refused(connect, f"{server} pool_max_conns=3")
    assert error.driver_text.endswith(
        'server error: FATAL: unrecognized configuration parameter "pool_max_conns" (SQLSTATE 42704)'
    )
    assert error.sqlstate == "42704"


def test_variables_count_by_our_rules_and_not_by_libpqs(
    connect: Callable[..., Channel], server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c no_such_setting=1")
    monkeypatch.setenv("PGDATESTYLE", "German")
    monkeypatch.setenv("PGSERVICE", "nope")
    monkeypatch.setenv("PGTZ", "Nowhere/Land")
    channel = connect(f"{server} timezone=Asia/Tokyo", PGTZ="Europe/Berlin")
    assert setting(channel, "timezone") == "Asia/Tokyo"
    assert setting(channel, "datestyle") == "ISO, MDY"
    assert os.environ["PGTZ"] == "Nowhere/Land"
    shell = subprocess.run(["sh", "-c", "echo $PGTZ"], capture_output=True, text=True)
    assert shell.stdout == "Nowhere/Land\n"


def test_a_refused_connection(connect: Callable[..., Channel]) -> None:
    error = refused(connect, "postgres://u:secret@127.0.0.1:1/d?sslmode=disable")
    assert error.driver_text == (
        "failed to connect to `user=u database=d`: 127.0.0.1:1 (127.0.0.1): dial error: "
        "dial tcp 127.0.0.1:1: connect: connection refused"
    )
    assert error.message == "connection refused by 127.0.0.1:1"
    assert error.hint


def test_every_attempt_is_told(connect: Callable[..., Channel], database: str) -> None:
    port, _ = place(database)
    error = refused(connect, f"host=127.0.0.1,127.0.0.1 port=1,{port} user=postgres dbname=nope")
    refusal = "dial error: dial tcp 127.0.0.1:1: connect: connection refused"
    assert error.driver_text == (
        "failed to connect to `user=postgres database=nope`:\n"
        f"\t127.0.0.1:1 (127.0.0.1): {refusal}\n\t127.0.0.1:1 (127.0.0.1): {refusal}\n"
        f"\t127.0.0.1:{port} (127.0.0.1): tls error: server refused TLS connection\n"
        f'\t127.0.0.1:{port} (127.0.0.1): server error: FATAL: database "nope" does not exist (SQLSTATE 3D000)'
    )


def test_a_database_that_is_not_there_ends_the_attempts(connect: Callable[..., Channel], server: str) -> None:
    error = refused(connect, f"{server} sslmode=allow dbname=nope")
    assert error.driver_text.count("127.0.0.1:") == 1
    assert error.sqlstate == "3D000"


def test_the_second_host_answers(connect: Callable[..., Channel], database: str) -> None:
    port, name = place(database)
    channel = connect(f"host=127.0.0.1,127.0.0.1 port=1,{port} user=postgres dbname={name}")
    assert channel.database == name


def test_a_role_that_is_not_there(connect: Callable[..., Channel], server: str) -> None:
    error = refused(connect, f"{server} user=nobody_here")
    assert error.driver_text.endswith('FATAL: role "nobody_here" does not exist (SQLSTATE 28000)')
    assert error.message == 'role "nobody_here" does not exist'


def test_a_socket_folder(connect: Callable[..., Channel]) -> None:
    error = refused(connect, "host=/nonexistent user=u dbname=d")
    assert error.driver_text == (
        "failed to connect to `user=u database=d`: /nonexistent/.s.PGSQL.5432 (/nonexistent): dial error: "
        "dial unix /nonexistent/.s.PGSQL.5432: connect: no such file or directory"
    )


@pytest.mark.parametrize("method", ["scram-sha-256", "md5", "password"])
def test_passwords(
    own_postgres: PostgresServer, connect: Callable[..., Channel], method: str, tmp_path_factory: object
) -> None:
    with psycopg.connect(own_postgres.url(), autocommit=True) as admin:
        admin.execute(
            "SET password_encryption = 'scram-sha-256'"
            if method != "md5"
            else "SET password_encryption = 'md5'"
        )
        admin.execute("CREATE ROLE guarded LOGIN PASSWORD 'se cret'")
    rules = own_postgres.base / "data" / "pg_hba.conf"
    rules.write_text(f"host all guarded all {method}\n{rules.read_text()}")
    own_postgres.control("reload")
    server = f"host=127.0.0.1 port={own_postgres.port} user=guarded dbname=postgres sslmode=disable"
    assert connect(f"{server} password='se cret'").role == "guarded"
    assert connect(server, PGPASSWORD="se cret").role == "guarded"
    for text in (f"{server} password=wrong", server):
        error = refused(connect, text)
        assert error.sqlstate == "28P01"
        assert error.driver_text.endswith(
            'FATAL: password authentication failed for user "guarded" (SQLSTATE 28P01)'
        )
        assert "wrong" not in error.driver_text + error.message
        assert "password" in (error.hint or "")
    if method == "scram-sha-256":
        assert "failed SASL auth: FATAL" in refused(connect, f"{server} password=wrong").driver_text


def test_tls_where_it_is_asked_for(connect: Callable[..., Channel], database: str, tls_port: int) -> None:
    _, name = place(database)
    server = f"port={tls_port} user=postgres dbname={name}"
    for text in (
        f"{server} host=127.0.0.1 sslmode=require",
        f"{server} host=127.0.0.1 sslmode=prefer",
        f"{server} host=127.0.0.1 sslmode=verify-ca sslrootcert={PEM}",
        f"{server} host=localhost sslmode=verify-full sslrootcert={PEM}",
    ):
        assert connect(text).database == name


def test_a_certificate_that_cannot_be_trusted(
    connect: Callable[..., Channel], database: str, tls_port: int
) -> None:
    server = f"port={tls_port} user=postgres dbname={place(database)[1]}"
    unknown = refused(connect, f"{server} host=localhost sslmode=verify-full")
    assert "x509: certificate signed by unknown authority" in unknown.driver_text
    other = refused(connect, f"{server} host=127.0.0.1 sslmode=verify-full sslrootcert={PEM}")
    assert other.driver_text.endswith(
        "tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn't "
        "contain any IP SANs"
    )


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("read-write", ""),
        ("primary", ""),
        ("any", ""),
        ("prefer-standby", ""),
        ("read-only", "connection is not read only"),
        ("standby", "server is not in hot standby mode"),
    ],
)
def test_the_role_of_the_server(
    connect: Callable[..., Channel], server: str, target: str, fault: str
) -> None:
    text = f"{server} target_session_attrs={target}"
    if fault:
        assert refused(connect, text).driver_text.endswith(f"ValidateConnect failed: {fault}")
    else:
        assert connect(text).usable


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that accepts and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("mode", "steps"),
    [
        ("disable", ["failed to receive message"]),
        ("prefer", ["tls error", "dial error"]),  # the second attempt has no time left
    ],
)
def test_a_server_that_does_not_answer_in_time(
    connect: Callable[..., Channel], silent: int, mode: str, steps: list[str]
) -> None:
    server = f"host=127.0.0.1 port={silent} user=u dbname=d sslmode={mode}"
    for error in (
        refused(connect, f"{server} connect_timeout=1"),
        refused(connect, server, deadline=Deadline(0.3)),
    ):
        lines = [line.partition("): ")[2] for line in error.driver_text.split("127.0.0.1:")[1:]]
        assert [line.strip() for line in lines] == [
            f"{step}: timeout: context deadline exceeded" for step in steps
        ]


def test_a_signal_ends_the_attempt(connect: Callable[..., Channel], silent: int) -> None:
    flag = Signal()
    timer = threading.Timer(0.2, flag.arrive, (2,))
    timer.start()
    try:
        with pytest.raises(StopError) as caught:
            connect(f"host=127.0.0.1 port={silent} user=u sslmode=disable", interrupt=flag)
        assert caught.value.signal == 2
    finally:
        timer.join()
        flag.close()
