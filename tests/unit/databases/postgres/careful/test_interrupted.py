"""Did a statement take effect whose end nobody saw, and what did it leave behind?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from greylag.databases.postgres.careful.interrupted import Interrupted, three_ways
from greylag.errors import ApplyError, UnfinishedError
from greylag.sql.facts import examine
from tests.plugins.bench import Meanwhile, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.postgres.careful.custody import Custody
    from tests.plugins.bench import Bench

INVALID = "UPDATE pg_index SET indisvalid = false, indisready = false WHERE indexrelid = '{}'::regclass"
"""What a concurrent build leaves that was broken off: the flags alone tell."""


@pytest.fixture
def held(bench: Bench) -> Iterator[Custody]:
    with bench.opened() as (custody, _):
        yield custody


def took(custody: Custody, statement: str) -> bool:
    script = read(f"-- +goose Up\n-- +goose StatementBegin\n{statement}\n-- +goose StatementEnd\n")
    (found,) = script.statements
    return Interrupted(custody).took_effect(script, 1, found, examine(statement))


def heal(custody: Custody, statement: str) -> None:
    script = read(f"-- +goose Up\n{statement}\n")
    Interrupted(custody).heal(script, examine(statement))


def indexes(bench: Bench) -> dict[str, bool]:
    rows = bench.ask(
        "SELECT i.indexrelid::regclass::text, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
        "WHERE c.relname NOT LIKE 'pg_%' AND c.relname NOT LIKE 'goose_%' AND c.relname <> 'journal' "
        "AND c.relnamespace <> 'greylag'::regnamespace AND c.relnamespace <> 'pg_toast'::regnamespace"
    )
    return dict(rows)


# -- indexes --------------------------------------------------------------------------------------------

BUILT = {
    "plain": ("a", "a_n", "CREATE INDEX CONCURRENTLY a_n ON a (n);"),
    "if not exists": ("a", "a_n", "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n);"),
    "schema": ("s.a", "s.a_n", "CREATE INDEX CONCURRENTLY a_n ON s.a (n);"),
    "quoted": ('s."A b"', 's."A ""n"""', 'CREATE INDEX CONCURRENTLY "A ""n""" ON s."A b" (n);'),
    "folded": ("s.abc", "s.abc_n", "CREATE UNIQUE INDEX CONCURRENTLY ABC_N ON S.ABC (n);"),
}


@pytest.mark.parametrize("case", BUILT)
def test_an_index_is_built_when_it_is_there_and_valid(bench: Bench, held: Custody, case: str) -> None:
    table, index, statement = BUILT[case]
    bench.ask(f"CREATE SCHEMA s; CREATE TABLE {table} (n int); CREATE TABLE decoy (n int)")
    assert not took(held, statement)
    bench.ask(statement)
    assert took(held, statement)
    bench.ask(INVALID.format(index))
    assert not took(held, statement)


def test_an_index_of_the_name_on_another_table_is_not_it(bench: Bench, held: Custody) -> None:
    bench.ask(
        "CREATE SCHEMA s; CREATE TABLE s.a (n int); CREATE TABLE a (n int); CREATE INDEX a_n ON s.a (n)"
    )
    assert not took(held, "CREATE INDEX CONCURRENTLY a_n ON a (n);")
    assert took(held, "CREATE INDEX CONCURRENTLY a_n ON s.a (n);")


def test_an_index_on_a_table_that_is_gone(held: Custody) -> None:
    assert not took(held, "CREATE INDEX CONCURRENTLY a_n ON nowhere (n);")


def test_an_index_without_a_name_cannot_be_told(bench: Bench, held: Custody) -> None:
    bench.ask("CREATE TABLE a (n int)")
    with pytest.raises(UnfinishedError, match="cannot tell"):
        took(held, "CREATE INDEX CONCURRENTLY ON a (n);")


@pytest.mark.parametrize("case", BUILT)
def test_the_invalid_rest_of_a_build_is_dropped_before_the_next(bench: Bench, case: str) -> None:
    table, index, statement = BUILT[case]
    bench.ask(f"CREATE SCHEMA s; CREATE TABLE {table} (n int); INSERT INTO {table} VALUES (1), (1)")
    bench.ask(statement.replace("UNIQUE", ""))
    bench.ask(INVALID.format(index))
    bench.ask(f"DELETE FROM {table}")
    bench.write("00001_a.sql", statement, outside=True)
    assert bench.up() == [1]
    assert list(indexes(bench).values()) == [True]
    (text,) = bench.notices("healed")
    assert text.startswith("00001_a.sql: ")
    assert text.endswith("is dropped concurrently and built anew")


def test_a_build_that_failed_says_what_it_left(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int); INSERT INTO a VALUES (1), (1)")
    bench.write("00001_a.sql", "CREATE UNIQUE INDEX CONCURRENTLY a_n ON a (n);", outside=True)
    with pytest.raises(ApplyError, match="could not create unique index") as caught:
        bench.up()
    assert "the index public.a_n was left invalid; the next run drops it" in caught.value.cause.context
    assert indexes(bench) == {"a_n": False}
    bench.ask("DELETE FROM a")
    assert bench.up() == [1]
    assert indexes(bench) == {"a_n": True}


def test_a_valid_index_is_never_dropped(bench: Bench, held: Custody) -> None:
    bench.ask("CREATE TABLE a (n int); CREATE INDEX a_n ON a (n)")
    for statement in (
        "CREATE INDEX CONCURRENTLY a_n ON a (n);",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n);",
        "REINDEX INDEX CONCURRENTLY a_n;",
        "REINDEX TABLE CONCURRENTLY a;",
        "DROP INDEX CONCURRENTLY a_n;",
        "CREATE INDEX a_n ON a (n);",
    ):
        heal(held, statement)
    assert indexes(bench) == {"a_n": True}
    assert bench.told == []


BUILDS = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '{}%' AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"


@pytest.mark.parametrize("weak", [False, True])
def test_one_that_another_session_builds_is_left_alone(bench: Bench, role: str, *, weak: bool) -> None:
    """Also where this role may not see what that session does."""
    dsn = bench.dsn.replace("postgres://postgres@", f"postgres://{role}@") if weak else bench.dsn
    with bench.opened(dsn=dsn) as (custody, _):
        bench.ask("CREATE TABLE a (n int)")
        if weak:
            bench.ask(f"GRANT {role} TO postgres; ALTER TABLE a OWNER TO {role}")
        statement = "CREATE INDEX CONCURRENTLY a_n ON a (n)"
        with psycopg.connect(bench.dsn, autocommit=True) as other, bench.held("INSERT INTO a VALUES (1)"):
            build = Meanwhile(lambda: other.execute(statement))
            bench.until(BUILDS.format("CREATE INDEX CONC"))
            assert indexes_of(bench) == {"a_n": False}
            custody.channel.execute(b"SET lock_timeout = '2s'")
            heal(custody, f"{statement};")
            assert not took(custody, f"{statement};")
        build.end()
    assert bench.notices("healed") == []
    assert indexes_of(bench) == {"a_n": True}


def indexes_of(bench: Bench, table: str = "a") -> dict[str, bool]:
    rows = bench.ask(
        "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = %s::regclass", table
    )
    return dict(rows)


def test_rests_of_a_rebuild_are_left_alone_while_another_session_rebuilds(
    bench: Bench, held: Custody
) -> None:
    bench.ask("CREATE TABLE a (n int); CREATE INDEX a_n ON a (n)")
    with psycopg.connect(bench.dsn, autocommit=True) as other, bench.held("INSERT INTO a VALUES (1)"):
        build = Meanwhile(lambda: other.execute("REINDEX TABLE CONCURRENTLY a"))
        bench.until(BUILDS.format("REINDEX"))
        assert indexes(bench) == {"a_n": True, "a_n_ccnew": False}
        held.channel.execute(b"SET lock_timeout = '2s'")
        heal(held, "REINDEX TABLE CONCURRENTLY a;")
        heal(held, "REINDEX INDEX CONCURRENTLY a_n;")
    build.end()
    assert bench.notices("healed") == []
    assert indexes(bench) == {"a_n": True}


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        ('REINDEX INDEX CONCURRENTLY s."A n";', 2),
        ('REINDEX TABLE CONCURRENTLY s."A";', 2),
        ("REINDEX SCHEMA CONCURRENTLY s;", 3),
        ("REINDEX (CONCURRENTLY TRUE) SCHEMA s;", 3),
    ],
)
def test_rests_of_a_broken_rebuild_are_dropped(bench: Bench, statement: str, count: int) -> None:
    bench.ask(
        'CREATE SCHEMA s; CREATE TABLE s."A" (n int); CREATE INDEX "A n" ON s."A" (n); CREATE INDEX "A n_ccnew" ON '
        's."A" (n); CREATE INDEX "A n_ccold1" ON s."A" (n); CREATE INDEX mine_ccnew ON s."A" (n); '
        "CREATE TABLE s.b (n int); CREATE INDEX b_ccnew ON s.b (n); "
        "CREATE TABLE other (n int); CREATE INDEX other_ccnew ON other (n)"
    )
    for name in ('s."A n_ccnew"', 's."A n_ccold1"', "s.b_ccnew", "other_ccnew"):
        bench.ask(INVALID.format(name))
    bench.write("00001_a.sql", statement, outside=True)
    assert bench.up() == [1]
    left = {'s."A n"': True, "s.mine_ccnew": True, "other_ccnew": False}
    assert indexes(bench) == (left if count == 3 else {**left, "s.b_ccnew": False})
    assert len(bench.notices("healed")) == count


def test_an_index_is_dropped_when_it_is_gone(bench: Bench, held: Custody) -> None:
    bench.ask(
        'CREATE SCHEMA s; CREATE TABLE s.a (n int); CREATE INDEX "A n" ON s.a (n); CREATE INDEX a_n ON s.a (n)'
    )
    assert not took(held, 'DROP INDEX CONCURRENTLY s."A n";')
    assert not took(held, "DROP INDEX CONCURRENTLY s.a_n;")
    bench.ask(INVALID.format("s.a_n"))
    assert not took(held, "DROP INDEX CONCURRENTLY s.a_n;")
    bench.ask("DROP INDEX s.a_n")
    assert took(held, "DROP INDEX CONCURRENTLY s.a_n;")
    assert took(held, "DROP INDEX CONCURRENTLY IF EXISTS a_n;")


def test_a_rebuild_is_as_good_done_again(bench: Bench, held: Custody) -> None:
    bench.ask("CREATE TABLE a (n int); CREATE INDEX a_n ON a (n)")
    assert not took(held, "REINDEX INDEX CONCURRENTLY a_n;")
    assert not took(held, "REINDEX TABLE CONCURRENTLY a;")


# -- other objects --------------------------------------------------------------------------------------


def parted(bench: Bench) -> None:
    bench.ask(
        'CREATE SCHEMA "S"; CREATE TABLE "S"."Whole" (n int) PARTITION BY RANGE (n); '
        'CREATE TABLE "S"."Part" PARTITION OF "S"."Whole" FOR VALUES FROM (0) TO (9)'
    )


DETACH = 'ALTER TABLE "S"."Whole" DETACH PARTITION "S"."Part" CONCURRENTLY;'
PARTS = "SELECT inhdetachpending FROM pg_inherits"


def test_a_partition_is_detached_when_it_is(bench: Bench, held: Custody) -> None:
    parted(bench)
    assert not took(held, DETACH)
    bench.ask(DETACH)
    assert took(held, DETACH)


def test_one_that_was_left_pending_is_finalized(bench: Bench, held: Custody) -> None:
    parted(bench)
    with bench.held('SELECT * FROM "S"."Whole"'), psycopg.connect(bench.dsn, autocommit=True) as other:
        broken = Meanwhile(lambda: other.execute(DETACH))
        bench.until(f"{PARTS} WHERE inhdetachpending")
        other.cancel()
        with pytest.raises(psycopg.errors.QueryCanceled):
            broken.end()
    assert took(held, DETACH)
    assert bench.ask(PARTS) == []
    assert bench.is_there('"S"."Part"')


def test_a_database(bench: Bench, held: Custody) -> None:
    name = f'"Odd {bench.dsn.rpartition("/")[2].partition("?")[0]}"'
    assert not took(held, f"CREATE DATABASE {name};")
    assert took(held, f"DROP DATABASE {name};")
    bench.ask(f"CREATE DATABASE {name}")
    try:
        assert took(held, f"CREATE DATABASE {name};")
        assert not took(held, f"DROP DATABASE {name};")
    finally:
        bench.ask(f"DROP DATABASE {name}")


def test_a_subscription(bench: Bench, held: Custody) -> None:
    statement = "CREATE SUBSCRIPTION \"S's\" CONNECTION 'host=nowhere' PUBLICATION p"
    assert not took(held, f"{statement};")
    bench.ask(f"{statement} WITH (connect = false, slot_name = NONE)")
    try:
        assert took(held, f"{statement};")
        assert not took(held, 'DROP SUBSCRIPTION "S\'s";')
    finally:
        bench.ask('DROP SUBSCRIPTION "S\'s"')
    assert took(held, 'DROP SUBSCRIPTION "S\'s";')


@pytest.mark.parametrize("statement", ["VACUUM a;", "ALTER SYSTEM SET work_mem = '4MB';", "DISCARD ALL;"])
def test_what_may_be_done_twice_is(held: Custody, statement: str) -> None:
    assert not took(held, statement)


@pytest.mark.parametrize(
    "statement", ["INSERT INTO a VALUES (1);", "CREATE INDEX a_n ON a (n);", "DROP TABLE a;"]
)
def test_what_shares_a_transaction_with_its_result_did_not(held: Custody, statement: str) -> None:
    assert not took(held, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DO $$ BEGIN INSERT INTO a VALUES (1); COMMIT; END $$;",
        "CALL fill();",
        "CREATE TABLESPACE t LOCATION '/t';",
    ],
)
def test_what_cannot_be_told_is_put_to_a_person(held: Custody, statement: str) -> None:
    with pytest.raises(UnfinishedError, match="the server cannot tell") as caught:
        took(held, statement)
    assert caught.value.version == 1
    assert str(caught.value.where) == "00001_x.sql:3:1"
    assert caught.value.hint == three_ways(1, 1, "up")


def test_the_three_ways() -> None:
    said = three_ways(7, 3, "up")
    for words in ("greylag resolve 7 --resume (statement 3 ", "--from-start", "--mark-applied"):
        assert words in said
    assert three_ways(7, 3, "down").endswith("--mark-pending (all of it is taken back)")
