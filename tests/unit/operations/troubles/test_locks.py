from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def test_who_holds_the_lock_can_be_seen(hint: Callable[..., str]) -> None:
    told = hint("55P03", "canceling statement due to lock timeout", failing="LOCK TABLE a;")
    assert told.startswith("The statement in line 2 needs a lock") and "FROM pg_stat_activity" in told
    assert hint("55P03", "canceling statement due to lock timeout").startswith("The statement needs")


def test_what_ended_a_statement(hint: Callable[..., str]) -> None:
    assert "SET LOCAL statement_timeout" in hint("57014", "canceling statement due to statement timeout")
    assert "cancelled" in hint("57014", "canceling statement due to user request")
    assert "waited for each other" in hint("40P01", "deadlock detected")
