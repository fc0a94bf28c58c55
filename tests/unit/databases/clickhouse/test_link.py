"""Which way a connection string asks for, and in which order hosts are tried."""

from __future__ import annotations

import pytest

from greylag.databases.clickhouse.dsn import read_dsn
from greylag.databases.clickhouse.link import in_order, open_link, say
from greylag.databases.clickhouse.wire import Patience
from greylag.model.event import Notice


@pytest.mark.parametrize(
    ("text", "name"),
    [("http://h", "HttpLink"), ("tcp://h:1", "NativeLink"), ("chdb:x", "EmbeddedLink")],
)
def test_links(text: str, name: str) -> None:
    link = open_link(read_dsn(text), Patience(None, None))
    assert type(link).__name__ == name
    link.close()


def test_what_nobody_listens_to_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    say(Notice("local", "one node, über all"))
    assert capfd.readouterr() == ("", "greylag: one node, über all\n")


def test_the_order_of_hosts() -> None:
    assert in_order(read_dsn("http://a,b,c"), 5) == ["a", "b", "c"]
    circle = read_dsn("http://a,b,c?connection_open_strategy=round_robin")
    assert [in_order(circle, attempt)[0] for attempt in (1, 2, 3)] == ["b", "c", "a"]
    assert in_order(circle, 1) == ["b", "c", "a"]
    chance = read_dsn("http://a,b,c?connection_open_strategy=random")
    assert {in_order(chance, 1)[0] for _ in range(200)} == {"a", "b", "c"}
    assert sorted(in_order(chance, 1)) == ["a", "b", "c"]
