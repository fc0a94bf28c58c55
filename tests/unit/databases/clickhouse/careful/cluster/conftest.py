"""Careful runs in one process on the two nodes of an emulated cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.databases.clickhouse.careful.custody import Custody
from greylag.databases.clickhouse.careful.ground import read_ground
from greylag.databases.clickhouse.session import ClickhouseSession
from greylag.model.care import Manners, Runner
from greylag.model.spread import Spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.clickhouse.careful.cluster.cluster import Cluster
    from greylag.databases.clickhouse.careful.hold import Hold
    from greylag.model.event import Notice, Progress
    from tests.plugins.emulated_cluster import EmulatedCluster

RUNS = iter(range(1, 1_000_000))


class Pair:
    """A database on two nodes, which are numbered from 1, and runs on it."""

    def __init__(self, cluster: EmulatedCluster, database: str) -> None:
        self.cluster, self.database = cluster, database
        self.told: list[Notice | Progress] = []
        self.holds: list[Hold] = []
        self.sessions: list[ClickhouseSession] = []

    def dsn(self, *numbers: int) -> str:
        hosts = ",".join(f"127.0.0.1:{self.cluster.node(number).port}" for number in numbers)
        return f"http://{hosts}/{self.database}"

    def label(self, number: int) -> str:
        return f"127.0.0.1:{self.cluster.node(number).port}"

    def session(self, *numbers: int, history: bool = True) -> ClickhouseSession:
        made = ClickhouseSession(
            self.dsn(*(numbers or (1, 2))), "goose_db_version", spread=Spread("my_cluster", history)
        )
        self.sessions.append(made)
        return made

    def custody(self, *numbers: int, history: bool = True, **manners: Any) -> Custody:
        runner = Runner(
            f"{next(RUNS):08d}-0000-4000-8000-000000000000", "alice", "laptop", "greylag test", "up"
        )
        manners = {"lock_wait_seconds": 20.0, "lock_budget_seconds": 20.0, **manners}
        session = self.session(*numbers, history=history)
        self.holds.append(made := Custody(session, Manners(runner, **manners), self.told.append))
        return made

    def hold(self, *numbers: int, **manners: Any) -> Custody:
        """A run that has looked around and taken nothing."""
        hold = self.custody(*numbers, **manners)
        hold.session.pin()
        hold.ground = read_ground(hold.link, "goose_db_version")
        hold.lock = Free()  # type: ignore[assignment]
        return hold

    def seen(self, *numbers: int) -> Cluster:
        """The cluster as a run sees it that is connected to these nodes."""
        return self.hold(*numbers).cluster_of("my_cluster")

    def ask(self, text: str) -> list[list[list[Any]]]:
        """What each node answers for itself."""
        return self.cluster.everywhere(text, self.database)

    def tables(self) -> list[list[str]]:
        found = self.ask("SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name")
        return [[name for (name,) in rows] for rows in found]

    def texts(self, kind: str) -> list[str]:
        return [each.text for each in self.told if getattr(each, "kind", "") == kind]


class Free:
    """A lock that nobody else wants."""

    def keep(self) -> None:
        """It is kept."""

    def release(self) -> None:
        """It is given back."""


@pytest.fixture
def pair(emulated_cluster: EmulatedCluster, emulated_database: str) -> Iterator[Pair]:
    made = Pair(emulated_cluster, emulated_database)
    yield made
    for hold in made.holds:
        hold.close_aside()
    for session in made.sessions:
        session.close()
