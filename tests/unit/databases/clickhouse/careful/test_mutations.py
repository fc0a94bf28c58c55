"""Mutations as the server tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.clickhouse.careful.mutations import (
    FAILED,
    Mutation,
    Table,
    blocked,
    endless,
    failure,
    kill,
    new_ones,
    read_mutations,
    started_by,
)
from greylag.errors import DatabaseError
from greylag.sql.clickhouse.facts import examine

if TYPE_CHECKING:
    from tests.unit.databases.clickhouse.careful.conftest import Yard

STUCK = Mutation("mutation_2.txt", "(UPDATE n = 1 WHERE 1)", 3, done=False, reason="Code: 6. No. (version 1)")


@pytest.fixture
def orders(yard: Yard) -> Table:
    yard.ask("CREATE TABLE `my orders` (id UInt64, r String, n UInt32) ENGINE = MergeTree ORDER BY id")
    yard.ask("INSERT INTO `my orders` SELECT number, 'x', 0 FROM numbers(3)")
    return Table(yard.name, "my orders")


def test_one_that_is_done(yard: Yard, orders: Table) -> None:
    assert read_mutations(yard.link(), orders) == []
    yard.ask("ALTER TABLE `my orders` UPDATE n = 1 WHERE 1 SETTINGS mutations_sync = 2")
    (found,) = read_mutations(yard.link(), orders)
    assert (found.done, found.left, found.reason) == (True, 0, "")
    assert "UPDATE n = 1" in found.command
    assert new_ones([found], {found.id}) == []
    assert new_ones([found], set()) == [found]


def test_one_that_fails_and_is_ended(yard: Yard, orders: Table) -> None:
    yard.ask("ALTER TABLE `my orders` UPDATE n = toUInt32(r) WHERE 1 SETTINGS mutations_sync = 0")
    while not (found := read_mutations(yard.link(), orders)[0]).reason:
        assert not found.done
    assert found.left == 1
    told = kill(yard.link(), orders, found)
    assert f"KILL MUTATION WHERE database = '{yard.name}' AND table = 'my orders'" in told
    assert read_mutations(yard.link(), orders) == []


class Refusing:
    def execute(self, _text: str) -> None:
        raise DatabaseError("not enough privileges", driver_text="")

    query = execute


def test_one_that_cannot_be_ended_is_told_with_the_line() -> None:
    told = kill(Refusing(), Table("d", "t"), STUCK)  # type: ignore[arg-type]
    assert "stays in the queue" in told
    assert "KILL MUTATION WHERE" in told
    assert told.endswith("(not enough privileges)")


def test_errors_name_table_reason_and_way_out() -> None:
    table = Table("d", "t")
    error = failure(table, STUCK)
    assert (error.number, error.message) == (
        FAILED,
        "Mutation mutation_2.txt of `d`.`t` failed: Code: 6. No. (UNFINISHED)",
    )
    for stuck in (blocked(table, STUCK), endless(table, STUCK, 600)):
        assert "mutation_2.txt" in stuck.message
        assert "KILL MUTATION WHERE database = 'd' AND table = 't'" in str(stuck.hint)
    assert "3 parts left" in endless(table, STUCK, 600).message


@pytest.mark.parametrize(
    ("statement", "command", "whether"),
    [
        ("ALTER TABLE t UPDATE n = 1 WHERE 1", "(UPDATE n = 1 WHERE 1)", True),
        ("ALTER TABLE t UPDATE n = 1 WHERE 1", "(DELETE WHERE 1)", False),
        ("alter table t update n=1 where n in (1,2)", "(UPDATE n = 1 WHERE n IN (1, 2))", True),
        ("ALTER TABLE t UPDATE n = 1 WHERE 1", "(UPDATE n = 1 WHERE n = 7)", None),
        ("DELETE FROM t WHERE 1", "(UPDATE _row_exists = 0 WHERE 1)", True),
        ("ALTER TABLE t ADD COLUMN a Int8, DROP COLUMN b", "(DROP COLUMN b)", True),
        ("ALTER TABLE t MODIFY COLUMN a Int8", "(MODIFY COLUMN `a` Int8)", True),
        ("ALTER TABLE t MODIFY TTL d", "(MATERIALIZE TTL)", True),
        ("ALTER TABLE t MATERIALIZE INDEX i", "(MATERIALIZE INDEX i)", True),
    ],
)
def test_what_a_statement_started(yard: Yard, statement: str, command: str, whether: bool | None) -> None:
    deeds = examine(statement).deeds
    assert deeds is not None
    assert started_by(yard.link(), statement, deeds, STUCK._replace(command=command)) is whether


def test_an_old_server_spells_nothing() -> None:
    statement = "ALTER TABLE t UPDATE n = 1 WHERE  1"
    deeds = examine(statement).deeds
    assert deeds is not None
    refusing = Refusing()
    assert started_by(refusing, statement, deeds, STUCK) is True  # type: ignore[arg-type]
