"""What a session needs of a way to ClickHouse, and which way a connection string asks for."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Protocol

    from greylag.databases.clickhouse.dsn import Settings
    from greylag.databases.clickhouse.rows import Answer
    from greylag.databases.clickhouse.wire import Patience
    from greylag.model.event import Notice
    from greylag.model.server import Server
else:
    Protocol = object


class Link(Protocol):
    """One server (or embedded engine), connected to when first asked, anew after the connection broke.

    Everything raises DatabaseError and its children, and InterruptedRunError after a signal. A statement
    whose answer got lost is never sent again: the server may have run it.
    """

    @property
    def address(self) -> str:
        """Host and port it is, or will be, connected to; a folder for the embedded engine."""

    def facts(self) -> Server:
        """Where it leads."""

    def begin(self) -> None:
        """Make sure that the server answers; sends nothing where it has answered before."""

    def execute(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> None:
        """Run one statement and read its answer away.

        ``query_id`` is what the server calls it in system.processes and system.query_log, where it can be
        told; ``settings`` are for this statement alone.
        """

    def query(self, text: str, *, query_id: str = "", settings: Mapping[str, str] | None = None) -> Answer:
        """As execute(), and give its rows with the types of their columns."""

    def close(self) -> None:
        """Close the connection; calling it twice is fine."""


def say(notice: Notice) -> None:
    """Print it on standard error, for runs that nobody listens to."""
    os.write(2, f"greylag: {notice.text}\n".encode("utf-8", "surrogateescape"))


def open_link(settings: Settings, patience: Patience, tell: Callable[[Notice], None] = say) -> Link:
    """The link for ``settings``; nothing is connected to yet. ``tell`` hears what it decides by itself."""
    if settings.protocol == "http":
        from greylag.databases.clickhouse.http import HttpLink

        return HttpLink(settings, patience)
    if settings.protocol == "native":
        from greylag.databases.clickhouse.native import NativeLink

        return NativeLink(settings, patience)
    from greylag.databases.clickhouse.embedded.link import EmbeddedLink

    return EmbeddedLink(settings, patience, tell)


def in_order(settings: Settings, attempt: int) -> list[str]:
    """The hosts in the order to try them; ``attempt`` counts connections of this process from 1."""
    hosts = list(settings.addresses)
    if settings.strategy == "random":
        from random import shuffle

        shuffle(hosts)
    elif settings.strategy == "round_robin":
        first = attempt % len(hosts)
        hosts = hosts[first:] + hosts[:first]
    return hosts
