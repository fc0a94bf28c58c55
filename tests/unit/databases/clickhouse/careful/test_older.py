"""Questions as a server of 2018 understands them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful import older
from greylag.databases.clickhouse.careful.older import OlderLink
from greylag.databases.clickhouse.rows import Answer
from greylag.errors import DatabaseError
from greylag.model.server import Server

if TYPE_CHECKING:
    from collections.abc import Mapping

LACKS = frozenset(("uuid", "comment", "latest_fail_reason"))


class Server18:
    """Keeps what it is sent; a mutation is over when it was asked for ``busy`` times."""

    address = "h:1"

    def __init__(self, busy: int = 0) -> None:
        self.busy = busy
        self.sent: list[str] = []
        self.closed = False

    def facts(self) -> Server:
        return Server("clickhouse", "18.16.1", "h", 1, "d", "u")

    def begin(self) -> None:
        self.sent.append("begin")

    def close(self) -> None:
        self.closed = True

    def execute(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> None:
        del query_id, settings
        self.sent.append(text)

    def query(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> Answer:
        del query_id, settings
        self.sent.append(text)
        self.busy -= 1
        return Answer([], [["1"]] if self.busy >= 0 else [])


def test_columns_that_are_not_there_are_not_asked_for() -> None:
    server = Server18()
    link = OlderLink(server, LACKS, lambda _: None)
    link.query("SELECT engine, toString(uuid) FROM system.tables")
    link.execute("SELECT latest_fail_reason FROM system.mutations")
    OlderLink(server, frozenset(("comment",)), lambda _: None).query("SELECT toString(uuid)")
    assert server.sent == [
        "SELECT engine, '' FROM system.tables", "SELECT '' FROM system.mutations", "SELECT toString(uuid)",
    ]  # fmt: skip


def test_a_mutation_is_waited_for_by_asking() -> None:
    server, paused = Server18(busy=2), []
    link = OlderLink(server, LACKS, paused.append)
    link.execute("ALTER TABLE `d`.`t` DELETE WHERE version_id = 1 SETTINGS mutations_sync = 2")
    assert server.sent[0] == "ALTER TABLE `d`.`t` DELETE WHERE version_id = 1"
    assert all("database = 'd' AND table = 't'" in text for text in server.sent[1:])
    assert len(paused) == 2
    link.execute("ALTER TABLE t DELETE WHERE 1 SETTINGS mutations_sync = 2")
    assert "database = currentDatabase()" in server.sent[-1]


def test_one_without_an_end_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(older, "_MOST_SECONDS", -1.0)
    with pytest.raises(DatabaseError, match="takes rows out of t is not done") as caught:
        OlderLink(Server18(busy=9), LACKS, lambda _: None).execute(
            "ALTER TABLE t DELETE SETTINGS mutations_sync = 2"
        )
    assert "system.mutations" in str(caught.value.hint)


def test_the_rest_is_the_links() -> None:
    server = Server18()
    link = OlderLink(server, LACKS, lambda _: None)
    link.begin()
    link.close()
    assert (link.address, link.facts().version, server.sent, server.closed) == (
        "h:1",
        "18.16.1",
        ["begin"],
        True,
    )
