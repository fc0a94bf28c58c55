"""Where a broken file goes on, from what the journal says of its statements."""

from __future__ import annotations

import pytest

from greylag.errors import UnfinishedError
from greylag.migrations.resume import find_resume, next_number
from greylag.model.care import Attempt, Resume, Unfinished
from greylag.model.migration import Migration

FILE = Migration(7, "m/00007_x.sql")
HASHES = [b"1", b"2", b"3"]


def attempt(number: int, state: str, *, apart: bool = True, digest: bytes = b"") -> Attempt:
    return Attempt(number, digest or str(number).encode(), state, apart)


def unfinished(*attempts: Attempt, following: int = 0) -> Unfinished:
    return Unfinished(7, "up", "00007_x.sql", None, "ada", "engine-room", 42, "then", attempts, following)


@pytest.mark.parametrize(
    ("attempts", "number", "doubtful"),
    [
        ((), 1, False),
        ((attempt(1, "begun"),), 1, True),
        ((attempt(1, "failed"),), 1, False),
        ((attempt(1, "done"),), 2, False),
        ((attempt(1, "done"), attempt(2, "begun")), 2, True),
        ((attempt(1, "done"), attempt(2, "failed")), 2, False),
        ((attempt(1, "done"), attempt(2, "begun", apart=False)), 2, True),
        (tuple(attempt(each, "done") for each in (1, 2, 3)), 4, False),
        ((attempt(1, "done"), attempt(3, "done")), 2, False),
    ],
)
def test_it_goes_on_where_nothing_is_known_to_be_done(
    attempts: tuple[Attempt, ...], number: int, *, doubtful: bool
) -> None:
    assert find_resume(unfinished(*attempts), FILE, HASHES) == Resume(number, doubtful, 42, "then")
    assert next_number(unfinished(*attempts)) == number


@pytest.mark.parametrize("hashes", [[b"x", b"2", b"3"], []])
def test_what_ran_must_be_as_it_was(hashes: list[bytes]) -> None:
    with pytest.raises(UnfinishedError) as caught:
        find_resume(unfinished(attempt(1, "done"), attempt(2, "begun")), FILE, hashes)
    assert caught.value.message == (
        "00007_x.sql was edited in statement 1, which had taken effect when the last run broke off at statement 2: "
        "the file is no longer what ran"
    )
    assert str(caught.value.where) == "m/00007_x.sql"
    for way in ("put statement 1 back", "greylag resolve 7 --resume", "--from-start", "--mark-applied"):
        assert way in str(caught.value.hint)


@pytest.mark.parametrize("hashes", [[b"1", b"x", b"3"], [b"1"]])
def test_so_must_a_statement_of_which_nobody_knows(hashes: list[bytes]) -> None:
    with pytest.raises(UnfinishedError, match="edited in statement 2, which was under way"):
        find_resume(unfinished(attempt(1, "done"), attempt(2, "begun")), FILE, hashes)


@pytest.mark.parametrize(
    "last",
    [attempt(2, "failed"), attempt(2, "begun", apart=False)],
    ids=["failed", "undone with its transaction"],
)
def test_one_that_did_nothing_may_be_edited(last: Attempt) -> None:
    found = find_resume(unfinished(attempt(1, "done"), last), FILE, [b"1", b"x", b"y", b"z"])
    assert found.number == 2


def test_what_comes_later_may_be_edited() -> None:
    found = find_resume(unfinished(attempt(1, "done"), attempt(2, "begun")), FILE, [b"1", b"2"])
    assert found.number == 2


def test_a_person_has_the_last_word() -> None:
    done = (attempt(1, "done"), attempt(2, "done"))
    assert find_resume(unfinished(*done, following=3), FILE, HASHES) == Resume(3, False, 42, "then")
    assert find_resume(unfinished(following=1), FILE, [b"x"]).number == 1
    with pytest.raises(UnfinishedError, match="edited in statement 2"):
        find_resume(unfinished(*done, following=3), FILE, [b"1", b"x"])
