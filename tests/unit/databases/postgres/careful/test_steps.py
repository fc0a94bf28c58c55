"""Files statement by statement: results kept with them, and what a run that resumes does again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.careful.steps import _is_setting
from greylag.errors import ApplyError, PoolerError, UnfinishedError
from greylag.model.care import Resume

if TYPE_CHECKING:
    from tests.plugins.bench import Bench

SLOW = "CREATE INDEX CONCURRENTLY {0}_n ON {0} (n);"


def story(bench: Bench, *statements: str, name: str = "00001_a.sql") -> None:
    bench.write(name, "\n".join(statements), outside=True)


def resumed(bench: Bench, number: int, *, doubtful: bool = False) -> list[int]:
    """Run the first file of the folder from a statement on."""
    with bench.opened() as (custody, _):
        careful = bench.scripts()[0]._replace(resume=Resume(number, doubtful))
        return [ran.statements for ran in custody.apply([careful])]


def test_each_statement_has_its_row(bench: Bench) -> None:
    story(bench, "CREATE TABLE a (n int);", SLOW.format("a"), "INSERT INTO a VALUES (1);")
    assert bench.up() == [1]
    assert bench.journal("statement, state, apart, open, content IS NULL") == [
        (None, "done", False, False, False),
        (1, "done", False, False, True),
        (2, "done", True, False, True),
        (3, "done", False, False, True),
    ]
    assert bench.journal("version_row IS NULL") == [(False,), (True,), (True,), (True,)]
    (careful,) = bench.scripts()
    assert [digest for (digest,) in bench.journal("hash", "WHERE statement > 0 ORDER BY id")] == list(
        careful.hashes
    )
    assert bench.versions() == [1]


def test_a_statement_and_its_result_are_one_transaction(bench: Bench) -> None:
    bench.ask("CREATE TABLE seen (id xid8, state text, began text)")
    look = (
        "INSERT INTO seen SELECT pg_current_xact_id(), (SELECT string_agg(state, ' ' ORDER BY id) FROM greylag.journal), "
        "'';"
    )
    story(bench, look, look)
    bench.up()
    first, second = bench.ask("SELECT id::text, state FROM seen")
    assert (first[1], second[1]) == ("begun begun", "begun done begun")
    assert bench.journal("xmin::text, statement", "WHERE statement > 0 ORDER BY id")[0][1] == 1
    assert first[0] != second[0]


def test_where_the_result_cannot_be_noted_the_statement_is_undone(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int)")
    with bench.opened():
        pass
    bench.ask("ALTER TABLE greylag.journal ADD CHECK (statement IS NULL OR state <> 'done')")
    story(bench, "INSERT INTO a VALUES (1);")
    with pytest.raises(ApplyError, match="check constraint"):
        bench.up()
    assert bench.ask("SELECT * FROM a") == []
    assert bench.journal("statement, state") == [(None, "failed"), (1, "failed")]


def test_a_failure_keeps_what_was_done_and_goes_on_there(bench: Bench) -> None:
    story(
        bench,
        "CREATE TABLE a (n int);",
        "INSERT INTO a VALUES (1);",
        "SELECT 1/0;",
        "INSERT INTO a VALUES (2);",
    )
    with pytest.raises(ApplyError, match="division") as caught:
        bench.up()
    assert caught.value.statement is not None
    assert caught.value.statement.line == 5
    assert caught.value.journaled
    assert bench.journal("statement, state, sqlstate, error") == [
        (None, "failed", "22012", "division by zero"),
        (1, "done", "", ""),
        (2, "done", "", ""),
        (3, "failed", "22012", "division by zero"),
    ]
    bench.edit("00001_a.sql", "1/0", "1")
    assert bench.up() == [1]
    assert bench.ask("SELECT n FROM a") == [(1,), (2,)]
    assert bench.notices("resumed") == ["00001_a.sql: goes on with statement 3 of 4, line 5"]
    assert bench.journal("1", "WHERE open") == []


def test_settings_in_front_of_that_place_are_made_again(bench: Bench) -> None:
    story(
        bench,
        "CREATE SCHEMA s;",
        "SET search_path TO s;",
        "/* for the loop */ SET SESSION work_mem TO '7MB';",
        "SELECT pg_catalog.set_config('maintenance_work_mem', '9MB', false);",
        "SET LOCAL statement_timeout TO '1ms';",
        "CREATE TABLE a (n int);",
        "SELECT 1/0;",
        "INSERT INTO a SELECT 1 WHERE current_setting('work_mem') = '7MB';",
        "INSERT INTO a SELECT 2 WHERE current_setting('maintenance_work_mem') = '9MB';",
    )
    with pytest.raises(ApplyError, match="division"):
        bench.up()
    bench.edit("00001_a.sql", "SELECT 1/0;", "SELECT 1;")
    assert bench.up() == [1]
    assert bench.ask("SELECT n FROM s.a") == [(1,), (2,)]


def test_a_timeout_set_in_front_of_that_place_stays_the_files_own(bench: Bench) -> None:
    bench.ask("CREATE TABLE seen (value text); CREATE TABLE a (n int)")
    story(
        bench,
        "SET lock_timeout = '7s';",
        "SELECT 1/0;",
        "ALTER TABLE a ADD COLUMN m int;",
        "INSERT INTO seen SELECT current_setting('lock_timeout');",
    )
    with pytest.raises(ApplyError, match="division"):
        bench.up()
    bench.edit("00001_a.sql", "1/0", "1")
    assert bench.up() == [1]
    assert bench.ask("SELECT value FROM seen") == [("7s",)]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("SET search_path TO s;", True),
        ("set\n\trole x", True),
        ("RESET ALL;", True),
        ("SET SESSION work_mem = 1;", True),
        ("/* a */ -- b\nSET x.y = 1;", True),
        ("SELECT set_config('a.b', 'c', false);", True),
        ("select pg_catalog.set_config ('a.b', 'c', false)", True),
        ("SET LOCAL x.y = 1;", False),
        ("SET CONSTRAINTS ALL DEFERRED;", False),
        ("SET TRANSACTION READ ONLY;", False),
        ("SELECT set_config('a.b', 'c', true);", False),
        ("SELECT 1;", False),
        ("UPDATE a SET n = 1;", False),
        (";", False),
        ("", False),
    ],
)
def test_what_is_a_setting(text: str, *, is_one: bool) -> None:
    assert _is_setting(text) is is_one


def test_a_doubtful_statement_that_shares_its_result_simply_runs(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int)")
    story(bench, "INSERT INTO a VALUES (1);", "INSERT INTO a VALUES (2);")
    assert resumed(bench, 2, doubtful=True) == [1]
    assert bench.ask("SELECT n FROM a") == [(2,)]


def test_one_that_took_effect_is_not_run_again(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int); CREATE INDEX a_n ON a (n)")
    story(bench, SLOW.format("a"), "INSERT INTO a VALUES (2);")
    assert resumed(bench, 1, doubtful=True) == [1]
    assert bench.notices("resumed") == ["00001_a.sql: statement 1 had taken effect, it is not run again"]
    assert bench.journal("statement, state, apart") == [
        (None, "done", False),
        (1, "done", True),
        (2, "done", False),
    ]


def test_one_of_which_nobody_knows_stops_the_run(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int)")
    story(
        bench,
        "-- +goose StatementBegin\nDO $$ BEGIN INSERT INTO a VALUES (1); COMMIT; END $$;\n-- +goose StatementEnd",
    )
    with pytest.raises(UnfinishedError, match=r"00001_a\.sql was broken off in statement 1 of 1") as caught:
        resumed(bench, 1, doubtful=True)
    for way in ("greylag resolve 1 --resume", "--from-start", "--mark-applied"):
        assert way in str(caught.value.hint)
    assert bench.ask("SELECT n FROM a") == []


def test_when_all_statements_are_done_only_the_version_is_recorded(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int)")
    story(bench, "INSERT INTO a VALUES (1);")
    assert resumed(bench, 2) == [0]
    assert bench.ask("SELECT n FROM a") == []
    assert bench.versions() == [1]


@pytest.mark.parametrize(
    "statement",
    ["REINDEX TABLE parted;", "CLUSTER parted USING parted_n;"],
)
def test_what_the_catalog_alone_keeps_out_of_a_transaction(bench: Bench, statement: str) -> None:
    bench.ask(
        "CREATE TABLE parted (n int) PARTITION BY RANGE (n); "
        "CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9); CREATE INDEX parted_n ON parted (n)"
    )
    story(bench, statement, "SELECT 1;")
    assert bench.up() == [1]
    assert bench.journal("statement, state, apart", "WHERE statement = 1 ORDER BY id DESC LIMIT 1") == [
        (1, "done", True)
    ]


def test_a_row_that_is_not_written_is_the_work_of_a_pooler(bench: Bench) -> None:
    bench.ask("CREATE TABLE a (n int)")
    story(bench, "INSERT INTO a VALUES (1);")
    with bench.opened() as (custody, _):
        custody.rows = type(custody.rows)(
            custody._history, custody.ground.place, custody.manners.runner, custody.ground.pid + 1  # type: ignore[arg-type]
        )  # fmt: skip
        with pytest.raises(ApplyError) as caught:
            list(custody.apply(bench.scripts()))
    assert isinstance(caught.value.cause, PoolerError)
    assert bench.ask("SELECT n FROM a") == []
    assert bench.versions() == []
    assert bench.journal() == []


def test_a_file_that_the_pipeline_cannot_take_runs_in_its_transaction(bench: Bench) -> None:
    bench.write(
        "00001_a.sql",
        "CREATE TABLE a (n int);\n-- +goose StatementBegin\nINSERT INTO a VALUES (1); INSERT INTO a VALUES (2);\n"
        "-- +goose StatementEnd\nCOPY a TO STDOUT;",
    )
    bench.write(
        "00002_b.sql", "-- +goose StatementBegin\nCREATE TABLE b (n int); SELECT 1/0;\n-- +goose StatementEnd"
    )
    with pytest.raises(ApplyError, match="division"):
        bench.up()
    assert bench.ask("SELECT n FROM a") == [(1,), (2,)]
    assert not bench.is_there("b")
    assert bench.journal() == [(1, "up", None, "done"), (2, "up", None, "failed")]


def test_going_back_outside_transactions(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);", "SELECT 1/0;\nDROP TABLE a;", outside=True)
    bench.up()
    with pytest.raises(ApplyError, match="division"):
        bench.back()
    assert bench.versions() == [1]
    bench.edit("00001_a.sql", "1/0", "1")
    assert bench.back() == [1]
    assert bench.versions() == []
    assert not bench.is_there("a")


def test_a_file_that_discards_the_session_does_not_end_the_lock(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    story(
        bench,
        "DISCARD ALL;",
        "CREATE TABLE held AS SELECT 1 FROM pg_locks WHERE locktype = 'advisory';",
        name="00002_b.sql",
    )
    bench.write("00003_c.sql", "CREATE TABLE c (n int);")
    assert bench.up() == [1, 2, 3]
    assert bench.ask("SELECT count(*) FROM held") == [(1,)]
    assert bench.ask("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'") == []
