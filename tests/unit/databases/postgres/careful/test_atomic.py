"""``up --atomic``: all pending files or nothing of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import ApplyError, InterruptedRunError, RefusedError
from tests.engines.conftest import Signal
from tests.plugins.bench import WAITS, Meanwhile

if TYPE_CHECKING:
    from tests.plugins.bench import Bench

READ = "LOCK TABLE a IN ACCESS SHARE MODE"


def test_all_of_it_is_one_transaction(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);\nINSERT INTO a VALUES (1);")
    bench.write("00002_b.sql", "CREATE TABLE b (n int);")
    bench.write("00003_c.sql", "")
    assert bench.up(atomic=True) == [1, 2, 3]
    assert bench.versions() == [1, 2, 3]
    assert bench.journal() == [(version, "up", None, "done") for version in (1, 2, 3)]
    transactions = "SELECT DISTINCT xmin::text FROM {} WHERE {}"
    assert len(bench.ask(transactions.format("goose_db_version", "version_id > 0"))) == 1
    assert bench.ask(transactions.format("goose_db_version", "version_id > 0")) == bench.ask(
        transactions.format("greylag.journal", "true")
    )
    assert bench.up(atomic=True) == []


def test_a_failure_leaves_nothing_and_names_the_file(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    bench.write("00002_b.sql", "CREATE TABLE b (n int);\nSELECT 1/0;")
    bench.write("00003_c.sql", "CREATE TABLE c (n int);")
    with pytest.raises(ApplyError, match="division") as caught:
        bench.up(atomic=True)
    assert caught.value.migration.version == 2
    assert caught.value.statement is not None
    assert caught.value.statement.line == 3
    assert caught.value.applied == []
    assert "nothing of any of them remains" in caught.value.stands
    assert bench.versions() == []
    assert not bench.is_there("a")
    assert bench.journal("version, state, sqlstate") == [(2, "failed", "22012")]
    bench.edit("00002_b.sql", "1/0", "1")
    assert bench.up(atomic=True) == [1, 2, 3]


def test_a_constraint_that_is_broken_at_the_end_undoes_all(bench: Bench) -> None:
    bench.write(
        "00001_a.sql",
        "CREATE TABLE a (n int PRIMARY KEY, m int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\n"
        "INSERT INTO a VALUES (1, 2);",
    )
    bench.write("00002_b.sql", "CREATE TABLE b (n int);")
    with pytest.raises(ApplyError) as caught:
        bench.up(atomic=True)
    assert (caught.value.stage, caught.value.cause.sqlstate) == ("commit", "23503")
    assert bench.versions() == []
    assert not bench.is_there("b")


@pytest.mark.parametrize("place", [1, 3])
def test_a_file_outside_transactions_is_refused_by_name_before_anything(bench: Bench, place: int) -> None:
    for version in (1, 2, 3):
        bench.write(f"0000{version}_t.sql", f"CREATE TABLE t{version} (n int);", outside=version == place)
    with bench.opened():
        before = bench.value("SELECT pg_snapshot_xmax(pg_current_snapshot())")
    with pytest.raises(RefusedError, match=rf"0000{place}_t\.sql runs outside a transaction") as caught:
        bench.up(atomic=True)
    assert "up-to" in str(caught.value.hint)
    assert bench.value("SELECT pg_snapshot_xmax(pg_current_snapshot())") == before
    assert bench.versions() == []


def test_a_file_that_cannot_be_read_keeps_all_back(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    bench.put("00002_b.sql", b"-- +goose Up\nSELECT 1\n")
    with pytest.raises(Exception, match="unfinished SQL query"):
        bench.up(atomic=True)
    assert not bench.is_there("a")


def test_a_new_enum_value_used_at_once_has_its_hint(bench: Bench) -> None:
    bench.ask("CREATE TYPE mood AS ENUM ('sad')")
    bench.write("00001_a.sql", "ALTER TYPE mood ADD VALUE 'happy';")
    bench.write("00002_b.sql", "CREATE TABLE a (m mood DEFAULT 'happy');")
    with pytest.raises(ApplyError) as caught:
        bench.up(atomic=True)
    assert caught.value.cause.sqlstate == "55P04"
    assert "without --atomic" in str(caught.value.cause.hint)
    assert bench.versions() == []
    assert bench.up() == [1, 2]


def test_a_lock_that_is_not_to_be_had_is_tried_again_with_all_of_it(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int)")
    bench.write("00001_b.sql", "CREATE TABLE b (n int);")
    bench.write("00002_a.sql", "ALTER TABLE a ADD COLUMN m int;")
    with bench.held(READ):
        run = Meanwhile(lambda: bench.up(atomic=True))
        bench.until(WAITS)
        while not bench.notices("retry"):
            assert run.error is None
        assert not bench.is_there("b")
    assert run.end() == [1, 2]
    assert bench.journal("version, state") == [(1, "done"), (2, "done")]
    ((first, second),) = bench.ask("SELECT min(retries), max(retries) FROM greylag.journal")
    assert (first, second) == (0, len(bench.notices("retry")))


def test_a_spent_budget_names_who_holds_the_lock(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int)")
    bench.write("00001_b.sql", "CREATE TABLE b (n int);")
    bench.write("00002_a.sql", "ALTER TABLE a ADD COLUMN m int;")
    with bench.held(READ) as pid, pytest.raises(ApplyError) as caught:
        bench.up(atomic=True, lock_budget_seconds=0.4)
    assert f"{pid}" in str(caught.value.cause.hint)
    assert not bench.is_there("b")
    assert bench.journal("version, state, sqlstate") == [(2, "failed", "55P03")]


@pytest.mark.parametrize(("statement", "kind"), [("SELECT pg_sleep(60);", ""), ("DROP TABLE a;", "retry")])
def test_a_signal_undoes_all_and_is_noted(bench: Bench, statement: str, kind: str) -> None:
    """While a statement runs, and in the pause before another try."""
    bench.ask("CREATE TABLE a (n int)")
    bench.write("00001_b.sql", "CREATE TABLE b (n int);")
    bench.write("00002_a.sql", statement)
    flag = Signal()
    session = bench.session()
    session.interrupt = flag
    care = bench.options(atomic=True).care
    assert care is not None
    custody = session.careful(
        care.manners, lambda news: flag.arrive(15) if getattr(news, "kind", "") == kind else None
    )
    assert custody is not None
    custody.open()
    try:
        with bench.held(READ), pytest.raises(InterruptedRunError) as caught:
            list(custody.apply(bench.scripts()))
    finally:
        custody.close()
        flag.close()
    assert caught.value.migration is not None
    assert caught.value.migration.version == 2
    assert not bench.is_there("b")
    assert bench.journal("version, state, error") == [(2, "failed", "interrupted by signal 15")]


def test_a_connection_that_is_lost_is_not_said_to_have_undone_it(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    bench.write("00002_b.sql", "SELECT pg_terminate_backend(pg_backend_pid());")
    with pytest.raises(ApplyError) as caught:
        bench.up(atomic=True)
    assert caught.value.stands == ""
    assert bench.versions() == []
