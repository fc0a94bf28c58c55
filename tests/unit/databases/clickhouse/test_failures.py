"""ClickHouse's errors in words."""

from __future__ import annotations

import errno

from greylag.databases.clickhouse import failures
from greylag.errors import ConnectError, DeadlineError, LostError

HTTP = "Code: 60. DB::Exception: Table d.t does not exist. (UNKNOWN_TABLE) (version 26.9.2.1)\n"


def test_an_answer_over_http() -> None:
    error = failures.answered(404, HTTP, 60)
    assert error.driver_text == f'[HTTP 404] response body: "{HTTP}"'
    assert error.message == "Table d.t does not exist. (UNKNOWN_TABLE)"
    assert (error.number, error.no_history, error.position) == (60, True, 0)


def test_an_answer_without_a_body() -> None:
    error = failures.answered(503, "", 0)
    assert (error.message, error.number, error.no_history) == ("the server answers HTTP 503", 0, False)


def test_an_exception_of_the_native_protocol() -> None:
    error = failures.raised("DB::Exception: Database x does not exist", 81)
    assert error.driver_text == "code: 81, message: Database x does not exist"
    assert "CREATE DATABASE" in str(error.hint)


def test_the_number_of_an_error() -> None:
    assert failures.number_of(HTTP) == 60
    assert failures.number_of("Code: x") == failures.number_of("no code") == 0


def test_where_a_syntax_error_lies() -> None:
    text = "Syntax error: failed at position 31 (such) (line 1, col 31): such"
    assert failures.position_of(text) == 31
    assert failures.answered(400, f"Code: 62. DB::Exception: {text}. (SYNTAX_ERROR)", 62).position == 31
    assert failures.position_of("no position") == failures.position_of("failed at position x") == 0


def test_connections_that_fail() -> None:
    error = failures.refused(OSError(errno.ECONNREFUSED, "x"), "h:1", "10.0.0.1:1")
    assert isinstance(error, ConnectError)
    assert error.driver_text == "dial tcp 10.0.0.1:1: connect: connection refused"
    assert error.message == "no connection to h:1: connection refused"
    assert "8123" in str(error.hint)
    assert "odd" in failures.refused(OSError("odd"), "h:1", "h:1").message


def test_lost_and_late() -> None:
    assert isinstance(failures.lost("gone"), LostError)
    assert "system.processes" in str(failures.lost("gone").hint)
    assert isinstance(failures.overdue(), DeadlineError)
    assert failures.overdue("Post: late").driver_text == "Post: late"


def test_a_stack_of_the_server_is_for_goose_s_text_alone() -> None:
    text = "Code: 341. DB::Exception: it failed: no \n\n0. ? @ 0x0e87\n1. run @ 0x18\n\n. (UNFINISHED) (version 1)\n"
    error = failures.answered(500, text, 341)
    assert error.message == "it failed: no (UNFINISHED)"
    assert "0x0e87" in error.driver_text
    assert failures.answered(500, "Code: 1. DB::Exception: a\n  b", 1).message == "a\n  b"


def test_the_query_that_an_analysis_repeats_is_for_goose_s_text_alone() -> None:
    said = (
        "Unknown identifier `a`. Maybe you meant: ['b']. In scope SELECT a. (c) FROM t. (UNKNOWN_IDENTIFIER)"
    )
    error = failures.raised(f"Code: 47. DB::Exception: {said}", 47)
    assert error.message == "Unknown identifier `a`. Maybe you meant: ['b']. (UNKNOWN_IDENTIFIER)"
    assert error.driver_text == f"code: 47, message: {said}"
    assert failures.raised("Code: 1. DB::Exception: no name. In scope x", 1).message == "no name. In scope x"


def test_the_words_of_servers_of_2018() -> None:
    text = (
        "Code: 57, e.displayText() = DB::Exception: There was an error on [h:1]: Code: 57, e.displayText() = "
        "DB::Exception: Table d.a already exists., e.what() = DB::Exception, e.what() = DB::Exception\n"
    )
    assert failures.number_of(text) == 57
    assert failures.answered(500, text, 0).number == 57
    assert failures.said(text).startswith("There was an error on [h:1]: Code: 57")
    assert failures.said(text) == (
        "There was an error on [h:1]: Code: 57. DB::Exception: Table d.a already exists."
    )
    assert failures.number_of("Code: many, things") == 0
