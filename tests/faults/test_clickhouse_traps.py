"""The traps that goose was recorded to fall into on ClickHouse: greylag gets out of each, or says how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.clickhouse_gate import gate_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.clickhouse_gate import Gate
    from tests.plugins.clickhouse import ClickhouseServer

VISITS = "CREATE TABLE visits (id UInt64) ENGINE = MergeTree ORDER BY id"
ORDERS = "CREATE TABLE orders (id UInt64) ENGINE = MergeTree ORDER BY id"
VERSIONS = (
    "CREATE TABLE goose_db_version (version_id Int64, is_applied UInt8, date Date default now(), "
    "tstamp DateTime default now(){more}) ENGINE = MergeTree() ORDER BY (date)"
)


@pytest.fixture
def gate(clickhouse: ClickhouseServer, clickhouse_database: str, tmp_path: Path) -> Iterator[Gate]:
    with gate_to(clickhouse, clickhouse_database, tmp_path / "migrations") as made:
        yield made


def two_files(gate: Gate) -> None:
    gate.write("00001_visits.sql", f"{VISITS};", "DROP TABLE visits;")
    gate.write("00002_orders.sql", f"{ORDERS};", "DROP TABLE orders;")


def test_fails_midway(gate: Gate) -> None:
    gate.write("00001_two.sql", f"{VISITS};\nALTER TABLE missing ADD COLUMN x UInt8;\n{ORDERS};")
    said = gate.run("up", "--yes")
    assert (said.code, "code: 60" in said.text) == (1, True)
    assert "Unfinished" in gate.run("status").text
    gate.write("00001_two.sql", f"{VISITS};\nALTER TABLE visits ADD COLUMN x UInt8;\n{ORDERS};")
    assert gate.run("up", "--yes").code == 0
    assert gate.applied() == [0, 1]
    assert gate.count(VISITS) == 1


def test_recording_fails(gate: Gate) -> None:
    two_files(gate)
    gate.ask(VERSIONS.format(more=", CONSTRAINT stop CHECK version_id < 2"))
    gate.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)")
    said = gate.run("up", "--yes")
    assert (said.code, "version row could not be written" in said.text) == (1, True)
    gate.ask("ALTER TABLE goose_db_version DROP CONSTRAINT stop")
    assert gate.run("up", "--yes").code == 0
    assert gate.applied() == [0, 1, 2]
    assert gate.count(ORDERS) == 1


@pytest.mark.parametrize("verb", ["status", "version", "plan", "up"])
def test_version_table_empty(gate: Gate, verb: str) -> None:
    two_files(gate)
    gate.ask(VERSIONS.format(more=""))
    said = gate.run(verb, *(["--yes"] if verb == "up" else []))
    assert said.code == 0, said.text
    assert "no next version" not in said.text
    assert gate.applied() == ([0, 1, 2] if verb == "up" else [])


def test_duplicate_rows(gate: Gate) -> None:
    two_files(gate)
    gate.run("up", "--yes")
    gate.ask("INSERT INTO goose_db_version (version_id, is_applied) VALUES (2, 1)")
    assert "more than once" in gate.run("up", "--yes").text
    assert gate.run("down", "--yes").code == 0
    assert gate.applied() == [0, 1]


def test_tombstone_rows(gate: Gate) -> None:
    two_files(gate)
    gate.run("up", "--yes")
    gate.ask("DROP TABLE orders")
    gate.ask("INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (2, 0, now() + 1)")
    assert "Pending" in gate.run("status").text
    assert "00002_orders.sql" in gate.run("plan").text
    said = gate.run("up", "--yes")
    assert said.code == 0, said.text
    assert gate.ask("SELECT version_id, is_applied FROM goose_db_version ORDER BY version_id") == [
        [0, 1],
        [1, 1],
        [2, 1],
    ]
    assert gate.ask("SELECT count() FROM orders") == [[0]]


def test_two_in_one_block(gate: Gate) -> None:
    block = f"-- +goose StatementBegin\n{VISITS};\n{ORDERS};\n-- +goose StatementEnd"
    gate.write("00001_pair.sql", block, "DROP TABLE orders;\nDROP TABLE visits;")
    assert gate.run("up", "--yes").code == 0
    assert (gate.count(VISITS), gate.count(ORDERS)) == (1, 1)
    assert "statement 2" in gate.run("history", "--statements").text


def test_half_of_a_block_is_not_run_again(gate: Gate) -> None:
    block = f"-- +goose StatementBegin\n{VISITS};\n{ORDERS};\n-- +goose StatementEnd"
    gate.write("00001_pair.sql", block)
    gate.killed_at(ORDERS, arrives=True)
    assert gate.run("up", "--yes").code == 0
    assert (gate.count(VISITS), gate.count(ORDERS)) == (1, 1)


def test_cluster_unknown(gate: Gate) -> None:
    """Nothing of the file ran, and the file may be mended: a statement that failed is where it goes on."""
    clustered = VISITS.replace("visits", "visits ON CLUSTER 'my_cluster'")
    gate.write("00001_visits.sql", f"{clustered};")
    said = gate.run("up", "--yes")
    assert (said.code, "code: 701" in said.text) == (1, True)
    gate.write("00001_visits.sql", f"{VISITS};")
    assert gate.run("up", "--yes").code == 0
    assert gate.applied() == [0, 1]


def test_file_gone(gate: Gate) -> None:
    two_files(gate)
    gate.run("up", "--yes")
    (gate.folder / "00002_orders.sql").unlink()
    assert "00002_orders.sql" in gate.run("status").text
    said = gate.run("down", "--yes")  # its text is in the journal
    assert said.code == 0, said.text
    assert gate.applied() == [0, 1]
    assert (
        gate.ask("SELECT name FROM system.tables WHERE database = currentDatabase() AND name = 'orders'")
        == []
    )


def test_down_fails(gate: Gate) -> None:
    gate.write("00001_visits.sql", f"{VISITS};", "ALTER TABLE visits DROP COLUMN nope;\nDROP TABLE visits;")
    gate.run("up", "--yes")
    said = gate.run("down", "--yes")
    assert (said.code, "code: 10" in said.text) == (1, True)
    gate.write(
        "00001_visits.sql", f"{VISITS};", "ALTER TABLE visits ADD COLUMN nope UInt8;\nDROP TABLE visits;"
    )
    said = gate.run("down", "--yes")
    assert said.code == 0, said.text
    assert gate.applied() == [0]
