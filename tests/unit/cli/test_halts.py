"""What is said of a file that was broken off."""

from __future__ import annotations

from datetime import UTC, datetime

from greylag.cli.halts import halt_facts, halted
from greylag.model.care import Attempt, Unfinished
from greylag.operations.survey import Halt

THEN = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
DONE = Attempt(1, b"h", "done", apart=True)
FAILED = Attempt(2, b"h", "failed", True, "42703", "column nmae does not exist\nand more")
BEGUN = Attempt(2, b"h", "begun", apart=True)


def unfinished(*attempts: Attempt, direction: str = "up", following: int = 0) -> Unfinished:
    return Unfinished(7, direction, "7_t.sql", THEN, "ana", "desk", 1, "", attempts, following)


def test_a_failed_statement_is_told_with_its_reason() -> None:
    assert halted(Halt(unfinished(DONE, FAILED), 2, 3)) == (
        "up began 2026-01-02 03:04:05 UTC by ana@desk, stopped at statement 2 of 3 "
        "(42703 column nmae does not exist): greylag up goes on; greylag resolve 7 tells more"
    )


def test_a_statement_in_doubt_has_no_reason() -> None:
    assert "stopped at statement 2 of 3: greylag down looks whether it took effect; " in halted(
        Halt(unfinished(DONE, BEGUN, direction="down"), 2, 3)
    )


def test_after_a_person_has_decided_it_says_where_it_goes_on() -> None:
    assert halted(Halt(unfinished(DONE, FAILED, following=2), 2, 0)) == (
        "up resolved 2026-01-02 03:04:05 UTC by ana@desk, to go on at statement 2: "
        "greylag up goes on; greylag resolve 7 tells more"
    )


def test_an_unknown_start() -> None:
    found = halted(Halt(unfinished(DONE)._replace(started=None), 2, 3))
    assert found.startswith("up began by ana@desk, stopped")


def test_facts() -> None:
    facts = halt_facts(Halt(unfinished(DONE, FAILED), 2, 3))
    assert (facts["statement"], facts["of"], facts["resolved"], facts["direction"]) == (2, 3, False, "up")
    assert facts["started"] == "2026-01-02T03:04:05.000678+00:00"
    assert facts["attempts"] == [
        {"statement": 1, "state": "done", "apart": True, "sqlstate": "", "error": ""},
        {"statement": 2, "state": "failed", "apart": True, "sqlstate": "42703", "error": FAILED.error},
    ]
