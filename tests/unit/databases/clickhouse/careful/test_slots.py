"""Where a lock is kept: whose it is, and until when, on servers with comments on tables and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful.slots import CommentSlot, RowSlot, read_words
from greylag.errors import DatabaseError

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.conftest import Yard

WORDS = "greylag: a run is under way; by=o'b@c\\d; since=now; process=; run=r; until={}"


def test_words_are_read_back() -> None:
    holder = read_words("greylag: a run is under way; by=a@b; process=x/12/3; run=r; until=17")
    later = read_words("greylag: a run is under way; by=a@b; since=now; process=; run=r; until=17")
    assert later.words == "a@b, since now"
    assert (holder.run, holder.words, holder.until, holder.process) == ("r", "a@b, pid 12", 17, "x/12/3")
    assert read_words("greylag: a run is under way; until=soon").until == 0
    assert read_words("").until == 0


@pytest.mark.parametrize("kind", [CommentSlot, RowSlot])
def test_made_once_put_off_and_removed(yard: Yard, kind: type[CommentSlot | RowSlot]) -> None:
    place = yard.ground().place
    slot, other = kind(yard.link(), place, "l"), kind(yard.link(), place, "l")
    assert slot.holder("r") is None
    slot.make(WORDS.format(17))
    with pytest.raises(DatabaseError) as caught:
        other.make(WORDS.format(18))
    assert caught.value.number == 57
    held = other.holder("s")
    assert held is not None
    assert (held.run, held.until) == ("r", 17)
    assert held.words.startswith("o")
    slot.prolong(WORDS.format(99), 99)
    assert (other.holder("s") or held).until == 99
    slot.remove()
    slot.remove()
    assert other.holder("s") is None
    with pytest.raises(DatabaseError) as caught:
        slot.prolong(WORDS.format(100), 100)
    assert caught.value.number == 60


def test_a_table_of_somebody_else_has_no_expiry(yard: Yard) -> None:
    yard.ask("CREATE TABLE l (held UInt64, owner String DEFAULT 'x') ENGINE = Memory")
    found = RowSlot(yard.link(), yard.ground().place, "l").holder("r")
    assert found is not None
    assert (found.until, found.run) == (0, "")


def test_one_that_goes_away_meanwhile(yard: Yard) -> None:
    slot = RowSlot(yard.link(), yard.ground().place, "gone")
    assert slot.read(yard.link(), f"'{WORDS.format(5)}'").until == 5
