"""Scripts are pulled one at a time, and can be given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.source import Source
from tests.engines.scripts import script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.model.migration import Script


def test_peeking_does_not_take() -> None:
    source = Source([script(1), script(2)])
    assert source.peek() == source.peek() == script(1)
    assert source.take() == script(1)
    assert source.peek() == script(2)


def test_nothing_is_pulled_before_it_is_asked_for() -> None:
    pulled: list[int] = []

    def scripts() -> Iterator[Script]:
        for version in (1, 2, 3):
            pulled.append(version)
            yield script(version)

    source = Source(scripts())
    assert pulled == []
    source.peek()
    source.peek()
    assert pulled == [1]


def test_what_is_given_back_comes_first_and_in_order() -> None:
    source = Source([script(1), script(2), script(3)])
    source.peek()
    first = source.take()
    source.peek()
    source.give_back([first, script(9)])
    taken = []
    while source.peek() is not None:
        taken.append(source.take().migration.version)
    assert taken == [1, 9, 2, 3]


def test_an_error_is_kept_until_the_end() -> None:
    def scripts() -> Iterator[Script]:
        yield script(1)
        raise OSError("gone")

    source = Source(scripts())
    source.peek()
    source.take()
    assert source.peek() is None
    assert source.peek() is None
    with pytest.raises(OSError, match="gone"):
        source.finish()


def test_an_end_without_error() -> None:
    source = Source([])
    assert source.peek() is None
    source.finish()
