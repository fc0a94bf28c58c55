"""Lock timeouts by class, retries inside a budget, and what the journal is told of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.errors import ApplyError, DeadlineError, InterruptedRunError
from tests.plugins.bench import WAITS, Meanwhile

if TYPE_CHECKING:
    from tests.plugins.bench import Bench

READ = "LOCK TABLE a IN ACCESS SHARE MODE"
"""What the longest of all reports holds."""


@pytest.fixture(autouse=True)
def table(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int); CREATE TABLE b (n int); CREATE TABLE seen (number int, value text)")


def seen(number: int) -> str:
    return f"INSERT INTO seen SELECT {number}, current_setting('lock_timeout');"


def settings(bench: Bench) -> list[str]:
    return [value for (value,) in bench.ask("SELECT value FROM seen ORDER BY number")]


def test_each_statement_runs_under_the_timeout_of_its_class(bench: Bench) -> None:
    with bench.opened():
        pass
    # a trigger sees the setting that DDL of a class runs under
    bench.ask(
        "CREATE FUNCTION look() RETURNS event_trigger LANGUAGE plpgsql AS "
        "'BEGIN INSERT INTO public.seen SELECT count(*), current_setting(''lock_timeout'') FROM public.seen; END';"
        "CREATE EVENT TRIGGER look ON ddl_command_start EXECUTE FUNCTION look()"
    )
    statements = (
        "CREATE TABLE c (n int);",
        "ALTER TABLE a ADD COLUMN m int;",
        "ALTER TABLE a ADD CHECK (m > 0) NOT VALID;",
        "ALTER TABLE a VALIDATE CONSTRAINT a_m_check;",
        "CREATE INDEX ON a (m);",
        "COMMENT ON TABLE a IS 'x';",
        "INSERT INTO a VALUES (1);",
        "DROP TABLE c;",
    )
    bench.write("00001_a.sql", "\n".join(statements))
    try:
        bench.up()
    finally:
        bench.ask("DROP EVENT TRIGGER look")
    # from the first lock that others queue behind to the end of the transaction, whatever it waits for
    assert settings(bench) == ["0", *["250ms"] * 6]


@pytest.mark.parametrize("atomic", [False, True])
def test_rows_and_later_files_wait_no_longer_than_the_lock_may(bench: Bench, atomic: bool) -> None:
    bench.write("00001_a.sql", f"ALTER TABLE a ADD COLUMN m int;\n{seen(1)}")
    bench.write("00002_b.sql", seen(2))
    assert bench.up(atomic=atomic) == [1, 2]
    assert settings(bench) == ["250ms", "250ms" if atomic else "0"]


def test_outside_transactions_each_statement_has_its_own(bench: Bench) -> None:
    bench.write("00001_a.sql", f"ALTER TABLE a ADD COLUMN m int;\n{seen(1)}", outside=True)
    assert bench.up() == [1]
    assert settings(bench) == ["0"]


def test_nothing_of_it_is_left_in_the_session(bench: Bench) -> None:
    bench.write("00001_a.sql", "ALTER TABLE a ADD COLUMN m int;")
    bench.write("00002_b.sql", f"{seen(1)}")
    bench.write(
        "00003_c.sql", "CREATE INDEX CONCURRENTLY a_m ON a (m);\nALTER TABLE a DROP COLUMN n;", outside=True
    )
    bench.write("00004_d.sql", f"{seen(2)}\n{seen(3)}", outside=True)
    with bench.opened() as (custody, _):
        assert len(list(custody.apply(bench.scripts()))) == 4
        assert custody.channel.fetch(b"SHOW lock_timeout", binary=False).rows == [(b"0",)]
    assert settings(bench) == ["0", "0", "0"]


def test_a_timeout_of_the_connection_stays_for_what_has_no_class(bench: Bench) -> None:
    bench.write("00001_a.sql", f"{seen(1)}\nALTER TABLE a ADD COLUMN m int;\n{seen(2)}")
    bench.write("00002_b.sql", "CREATE INDEX CONCURRENTLY a_m ON a (m);\n" + seen(3), outside=True)
    assert bench.up(dsn=f"{bench.dsn}&lock_timeout=7000") == [1, 2]
    assert settings(bench) == ["7s", "250ms", "7s"]


@pytest.mark.parametrize(
    "setting", ["SET LOCAL lock_timeout = '3s';", "SELECT set_config('lock_timeout', '3s', true);"]
)
def test_a_file_that_sets_its_own_is_left_alone_from_there_on(bench: Bench, setting: str) -> None:
    look = "DO $$ BEGIN INSERT INTO seen SELECT {}, current_setting('lock_timeout'); END $$;"
    bench.write(
        "00001_a.sql",
        f"ALTER TABLE a ADD COLUMN m int;\n{setting}\n-- +goose StatementBegin\n{look.format(1)}\n-- +goose StatementEnd\n"
        f"ALTER TABLE a ADD COLUMN o int;\n-- +goose StatementBegin\n{look.format(2)}\n-- +goose StatementEnd",
    )
    bench.write("00002_b.sql", seen(3))
    assert bench.up() == [1, 2]
    assert settings(bench) == ["3s", "3s", "0"]


def test_one_left_behind_does_not_reach_the_next_file(bench: Bench) -> None:
    bench.write("00001_a.sql", "SET lock_timeout = '9s';")
    bench.write("00002_b.sql", f"{seen(1)}\nALTER TABLE a ADD COLUMN m int;\n{seen(2)}")
    bench.write("00003_c.sql", seen(3), outside=True)
    assert bench.up() == [1, 2, 3]
    assert settings(bench) == ["0", "250ms", "0"]


def test_outside_transactions_a_files_own_timeout_stays_too(bench: Bench) -> None:
    bench.write(
        "00001_a.sql",
        f"SET lock_timeout = '60ms';\n{seen(1)}\nCREATE INDEX CONCURRENTLY a_n ON a (n);\n{seen(2)}\n"
        "ALTER TABLE a ADD COLUMN m int;",
        outside=True,
    )
    with bench.held(READ), pytest.raises(ApplyError) as caught:
        bench.up()
    assert settings(bench) == ["60ms", "60ms"]
    assert caught.value.cause.sqlstate == "55P03"
    assert bench.notices("retry") == []


def test_an_own_timeout_that_runs_out_is_not_tried_again(bench: Bench) -> None:
    bench.write("00001_a.sql", "SET LOCAL lock_timeout = '60ms';\nALTER TABLE a ADD COLUMN m int;")
    bench.write("00002_b.sql", "ALTER TABLE b ADD COLUMN m int;")
    with bench.held(READ), pytest.raises(ApplyError) as caught:
        bench.up()
    assert caught.value.cause.sqlstate == "55P03"
    assert bench.notices("retry") == []


def test_a_file_is_tried_again_whatever_the_file_behind_it_sets(bench: Bench) -> None:
    bench.write("00001_a.sql", "ALTER TABLE a ADD COLUMN m int;")
    bench.write("00002_b.sql", "SET LOCAL lock_timeout = '3s';\nALTER TABLE b ADD COLUMN m int;")
    with bench.held(READ) as _:
        run = Meanwhile(bench.up)
        while not bench.notices("retry"):
            assert run.error is None
    assert run.end() == [1, 2]


@pytest.mark.parametrize("outside", [False, True])
def test_it_gives_way_and_comes_again(bench: Bench, outside: bool) -> None:
    bench.write("00001_a.sql", "CREATE TABLE c (n int);\nALTER TABLE a ADD COLUMN m int;", outside=outside)
    with bench.held(READ):
        run = Meanwhile(bench.up)
        bench.until(WAITS)
        # who comes behind it is not kept for longer than the timeout
        with psycopg.connect(bench.dsn, options="-c statement_timeout=5s") as other:
            other.execute("SELECT FROM a")
        while len(bench.notices("retry")) < 2:
            assert run.error is None
    assert run.end() == [1]
    retries = len(bench.notices("retry"))
    ((state, noted, waited),) = bench.journal("state, retries, lock_wait", "WHERE statement IS NULL")
    assert (state, noted) == ("done", retries)
    assert waited == pytest.approx(0.25 * retries)
    first = bench.notices("retry")[0]
    assert first.startswith("00001_a.sql")
    assert "given up after a lock timeout" in first
    assert "(try 2, " in first
    assert bench.is_there("c")


def test_where_the_budget_is_spent_the_message_names_who_holds_it(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE c (n int);\nALTER TABLE a ADD COLUMN m int;")
    with bench.held(READ) as pid, pytest.raises(ApplyError) as caught:
        bench.up(lock_budget_seconds=0.6)
    cause = caught.value.cause
    assert cause.sqlstate == "55P03"
    assert "was not to be had in 1 s and " in str(cause.hint)
    assert f"{pid}" in str(cause.hint)
    assert "lock_budget" in str(cause.hint)
    assert not bench.is_there("c")
    ((state, error, sqlstate, retries),) = bench.journal("state, error, sqlstate, retries")
    assert (state, error, sqlstate) == ("failed", "canceling statement due to lock timeout", "55P03")
    assert retries == len(bench.notices("retry")) > 0
    assert bench.up() == [1]


def test_a_deadlock_is_tried_again(bench: Bench) -> None:
    bench.write("00001_a.sql", "LOCK TABLE a;\nUPDATE b SET n = 3;")
    bench.ask("INSERT INTO b VALUES (1)")
    with psycopg.connect(bench.dsn) as other:
        other.execute("SET deadlock_timeout = '1h'; LOCK TABLE b")
        run = Meanwhile(lambda: bench.up(lock_timeout_seconds=30.0, lock_budget_seconds=60.0))
        bench.until(WAITS)
        other.execute(
            "SELECT FROM a"
        )  # waits for the run, which finds the deadlock after a second and gives way
        other.rollback()
    assert run.end() == [1]
    assert "given up after a deadlock" in bench.notices("retry")[0]
    assert bench.journal("state, retries, lock_wait") == [("done", 1, 0.0)]


def test_a_signal_ends_the_pause_and_is_noted(bench: Bench) -> None:
    from tests.engines.conftest import Signal

    flag = Signal()
    bench.write("00001_a.sql", "ALTER TABLE a ADD COLUMN m int;")
    session = bench.session()
    session.interrupt = flag
    custody = session.careful(
        bench.options().care.manners,
        lambda news: flag.arrive(15) if getattr(news, "kind", "") == "retry" else None,
    )  # type: ignore[union-attr]
    assert custody is not None
    custody.open()
    try:
        with bench.held(READ), pytest.raises(InterruptedRunError):
            list(custody.apply(bench.scripts()))
    finally:
        custody.close()
        flag.close()
    assert bench.journal("state, error") == [("failed", "interrupted by signal 15")]


def test_the_time_given_ends_the_pause(bench: Bench) -> None:
    from greylag.databases.base import Deadline

    bench.write("00001_a.sql", "ALTER TABLE a ADD COLUMN m int;")
    session = bench.session()
    session.deadline = Deadline(1.2)
    custody = session.careful(bench.options().care.manners, bench.told.append)  # type: ignore[union-attr]
    assert custody is not None
    custody.open()
    with bench.held(READ), pytest.raises(ApplyError) as caught:
        list(custody.apply(bench.scripts()))
    custody.close()
    assert isinstance(caught.value.cause, DeadlineError) or caught.value.cause.sqlstate == "55P03"
    assert bench.versions() == []


def test_other_errors_are_not_tried_again(bench: Bench) -> None:
    bench.write("00001_a.sql", "SELECT 1/0;")
    with pytest.raises(ApplyError, match="division"):
        bench.up()
    assert bench.told == []
    assert bench.journal("state, sqlstate, error") == [("failed", "22012", "division by zero")]
