"""Waiting for the mutations and replicas of all hosts."""

from __future__ import annotations

from typing import Any

import pytest

from greylag.databases.clickhouse.careful.cluster import backlog
from greylag.databases.clickhouse.careful.cluster.backlog import Backlog
from greylag.databases.clickhouse.careful.cluster.hosts import Host
from greylag.databases.clickhouse.careful.mutations import StuckError, Table
from greylag.errors import DatabaseError

ONE, TWO = Host("a", 1, 1, own=True), Host("b", 1, 2)
TABLE = Table("d", "t")


class Run:
    """As much of a run as is needed to wait."""

    def __init__(self, lacks: frozenset[str] = frozenset(), budget: float = 9.0) -> None:
        self.told: list[Any] = []
        self.shown: list[str] = []
        self.kept = 0
        self.manners: Any = self
        self.ground: Any = self
        self.lock: Any = self
        self.lacks, self.lock_budget_seconds = lacks, budget

    def keep(self) -> None:
        self.kept += 1

    def pause(self, seconds: float) -> None:
        assert seconds > 0

    def progress(self, phase: str, done: int, total: int) -> None:
        self.shown.append(f"{phase} {done}/{total}")

    def tell(self, notice: Any) -> None:
        self.told.append(notice)


class Answers:
    """A cluster that gives one answer after the other, the last for ever."""

    def __init__(self, *answers: dict[Host, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def ask(self, question: str) -> dict[Host, Any]:
        self.asked.append(question)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def busy(parts: int, reason: str = "") -> list[list[str]]:
    return [["mutation", "0000", reason, str(parts)]]


def wait(run: Any, *answers: dict[Host, Any]) -> Any:
    cluster: Any = Answers(*answers)
    Backlog(run).wait(cluster, TABLE)
    return cluster


def test_nothing_to_wait_for() -> None:
    run = Run()
    cluster = wait(run, {ONE: [["replica", "0", "0", "3"]], TWO: None})
    assert (len(cluster.asked), run.shown) == (1, [])
    assert "latest_fail_reason" in cluster.asked[0]
    assert "latest_fail_reason" not in wait(Run(frozenset(("latest_fail_reason",))), {ONE: []}).asked[0]


def test_the_mutations_of_every_host() -> None:
    run = Run()
    wait(run, {ONE: busy(2), TWO: busy(3)}, {ONE: [], TWO: busy(1)}, {ONE: [], TWO: []})
    assert run.shown == [
        "mutation: 5 of 5 parts to do on all hosts 0/5",
        "mutation: 1 of 5 parts to do on all hosts 4/5",
    ]
    assert run.kept == 2


def test_one_that_fails_names_its_host() -> None:
    with pytest.raises(DatabaseError, match=r"no room.*\(on b:1\)") as caught:
        wait(Run(), {ONE: [], TWO: busy(1, "no room")})
    assert caught.value.number == 341


def test_one_that_does_not_get_on_names_its_host() -> None:
    with pytest.raises(StuckError, match=r"\(on b:1\)"):
        wait(Run(budget=-1.0), {ONE: [], TWO: busy(1)})


def test_a_replica_that_lags_is_waited_for_and_then_named(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run()
    wait(run, {TWO: [["replica", "0", "7", "2"]]}, {TWO: [["replica", "0", "0", "0"]]})
    assert run.shown == ["replicas: b:1 (2 to do, 7 s behind) 0/0"]
    assert run.told == []
    monkeypatch.setattr(backlog, "_REPLICA_SECONDS", -1.0)
    wait(run, {TWO: [["replica", "1", "0", "0"]]})
    assert "replicas of `d`.`t` have yet to catch up: b:1" in run.told[0].text
