"""A length of time as somebody wrote it."""

from __future__ import annotations

from greylag.model.duration import Duration


def test_messages_show_what_was_written() -> None:
    assert f"{Duration(600, '10min')}" == "10min"
