"""Rows that most hosts have to take, and what happens when they cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.clickhouse.careful.cluster.quorum import Quorum
from greylag.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Keeping:
    """Refuses with ``number`` what asks for a quorum."""

    address = "h:1"

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.sent: list[tuple[str, str, dict[str, str]]] = []

    def execute(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> None:
        self.sent.append((text, query_id, dict(settings or {})))
        if self.number and "insert_quorum" in (settings or {}):
            error = DatabaseError("Number of alive replicas (1) is less.", driver_text="")
            error.number = self.number
            raise error


@pytest.mark.parametrize(("hosts", "wanted"), [(2, "2"), (3, "2"), (4, "3"), (5, "3")])
def test_most_of_the_hosts(hosts: int, wanted: str) -> None:
    link: Any = Keeping()
    Quorum(hosts, lambda _: None).insert(link, "INSERT", query_id="q", settings={"a": "1"})
    text, query_id, settings = link.sent[0]
    assert (text, query_id, settings["a"], settings["insert_quorum"]) == ("INSERT", "q", "1", wanted)
    assert int(settings["insert_quorum_timeout"]) > 0


def test_one_host_is_no_quorum() -> None:
    link: Any = Keeping()
    Quorum(1, lambda _: None).insert(link, "INSERT", settings={"a": "1"})
    assert link.sent == [("INSERT", "", {"a": "1"})]


@pytest.mark.parametrize("number", [285, 286, 319])
def test_with_too_few_it_is_written_where_it_can_be_and_told_once(number: int) -> None:
    link: Any = Keeping(number)
    told: list[Any] = []
    quorum = Quorum(2, told.append)
    quorum.insert(link, "one", query_id="q")
    quorum.insert(link, "two")
    assert [(text, "insert_quorum" in settings) for text, _, settings in link.sent] == [
        ("one", True), ("one", False), ("two", False),
    ]  # fmt: skip
    assert [each.kind for each in told] == ["degraded"]
    assert "2 of 2 hosts" in told[0].text and "h:1" in told[0].text


def test_other_errors_are_errors() -> None:
    link: Any = Keeping(242)
    with pytest.raises(DatabaseError):
        Quorum(2, lambda _: None).insert(link, "one")
    assert len(link.sent) == 1
