"""What the server says becomes one error, with pgx's text and every field apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres import failures
from greylag.errors import DatabaseError, DeadlineError, LostError

if TYPE_CHECKING:
    from greylag.databases.postgres.channel import Channel


def fail(channel: Channel, statement: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught:
        channel.execute(statement.encode())
    return caught.value


def test_the_text_is_severity_message_and_code(channel: Channel) -> None:
    error = fail(channel, "SELECT missing FROM pg_class")
    assert error.driver_text == 'ERROR: column "missing" does not exist (SQLSTATE 42703)'
    assert error.message == 'column "missing" does not exist'
    assert (error.sqlstate, error.severity, error.position) == ("42703", "ERROR", 8)
    assert type(error) is DatabaseError


def test_every_field_is_kept_apart(channel: Channel) -> None:
    error = fail(
        channel,
        "DO $$ BEGIN RAISE EXCEPTION 'it failed' USING DETAIL = 'why', HINT = 'do', ERRCODE = 'P1234'; END $$",
    )
    assert error.driver_text == "ERROR: it failed (SQLSTATE P1234)"
    assert (error.message, error.detail, error.server_hint) == ("it failed", "why", "do")
    assert error.context.startswith("PL/pgSQL function inline_code_block")
    assert (error.position, error.hint) == (0, None)


def test_a_message_of_several_lines_and_odd_bytes(channel: Channel) -> None:
    error = fail(channel, "DO $$ BEGIN RAISE EXCEPTION E'one\\ntwo é'; END $$")
    assert error.driver_text == "ERROR: one\ntwo é (SQLSTATE P0001)"
    assert failures.text(b"\xe9") == "\udce9"
    assert failures.text(None) == ""


def test_a_fatal_error_is_a_lost_connection(channel: Channel) -> None:
    error = fail(channel, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert isinstance(error, LostError)
    assert error.driver_text == (
        "FATAL: terminating connection due to administrator command (SQLSTATE 57P01)"
    )
    assert not channel.usable


@pytest.mark.parametrize(
    ("said", "driver_text"),
    [
        ("server closed the connection unexpectedly\n\tThis probably means", "unexpected EOF"),
        ("could not receive data from server: Connection reset by peer\n", "read: connection reset by peer"),
        ("could not send data to server: Broken pipe\n", "write: broken pipe"),
        ("no connection to the server\n", "conn closed"),
        ("something else\nand more", "something else"),
        ("", "the connection to the server was lost"),
    ],
)
def test_a_broken_connection_in_pgx_words(said: str, driver_text: str) -> None:
    error = failures.from_connection(said)
    assert isinstance(error, LostError)
    assert error.driver_text == driver_text
    assert error.message


def test_errors_that_are_ours() -> None:
    late = failures.deadline()
    assert isinstance(late, DeadlineError)
    assert late.driver_text == "timeout: context deadline exceeded"
    assert "-timeout" in (late.hint or "")
    assert "COPY" in failures.refused_copy().driver_text
    assert failures.rolled_back().driver_text == "commit unexpectedly resulted in rollback"
