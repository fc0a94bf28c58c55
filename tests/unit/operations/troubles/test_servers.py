from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def test_what_a_server_lacks(hint: Callable[..., str]) -> None:
    assert "stopped or restarted" in hint("57P01", "terminating connection due to administrator command")
    assert hint("57P03", "the database system is starting up").endswith("run the same command again then")
    assert "disk is full" in hint("53100", "No space left on device")
    assert "connection" in hint("53300", "sorry, too many clients already")
