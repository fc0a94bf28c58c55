"""Running scripts: what stands afterwards, what was told, and where a failure is said to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.errors import ApplyError, FilesError
from greylag.model.history import Applied
from greylag.model.migration import Migration, Script, Statement
from tests.engines.scripts import down, script, told, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.base import Session
    from greylag.model.event import Ran
    from tests.engines.conftest import Engine


@pytest.fixture
def session(engine: Engine) -> Session:
    made = engine.open()
    made.create_history()
    return made


def fail(session: Session, *scripts: Script, **named: Any) -> tuple[ApplyError, list[Ran]]:
    ran: list[Ran] = []
    with pytest.raises(ApplyError) as caught:
        ran.extend(session.apply(scripts, **named))
    assert caught.value.applied == ran or not ran
    return caught.value, caught.value.applied


def test_files_go_up_in_order_and_are_recorded(engine: Engine, session: Session) -> None:
    files = [
        script(1, "CREATE TABLE a (n int);", "INSERT INTO a VALUES (1);"),
        script(3, "CREATE TABLE b (n int);"),
        script(2, "INSERT INTO a VALUES (2);"),
    ]
    ran = list(session.apply(files))
    assert told(ran) == [(1, "up", 2), (3, "up", 1), (2, "up", 1)]
    assert all(one.took_ns > 0 for one in ran)
    assert versions(session) == [2, 3, 1, 0]
    assert engine.tables() == {"a", "b"}
    assert engine.ask("SELECT n FROM a ORDER BY n") == [(1,), (2,)]


def test_down_deletes_every_row_of_the_version(engine: Engine, session: Session) -> None:
    list(session.apply([script(1, "CREATE TABLE a (n int);"), script(2, "CREATE TABLE b (n int);")]))
    engine.ask(f"INSERT INTO {engine.table} (version_id, is_applied) VALUES (1, FALSE)")
    ran = list(session.apply([down(2, "DROP TABLE b;"), down(1, "DROP TABLE a;")]))
    assert told(ran) == [(2, "down", 1), (1, "down", 1)]
    assert session.history() == [Applied(0, True)]
    assert engine.tables() == set()


def test_one_version_down_and_up_again(engine: Engine, session: Session) -> None:
    list(session.apply([script(1, "CREATE TABLE a (n int);")]))
    ran = list(session.apply([down(1, "DROP TABLE a;"), script(1, "CREATE TABLE a (n int, m int);")]))
    assert told(ran) == [(1, "down", 1), (1, "up", 1)]
    assert versions(session) == [1, 0]
    assert engine.ask("SELECT m FROM a") == []


def test_a_file_without_statements_only_writes_its_row(engine: Engine, session: Session) -> None:
    ran = list(session.apply([script(1), script(2, transactional=False), script(3)]))
    assert told(ran) == [(1, "up", 0), (2, "up", 0), (3, "up", 0)]
    assert versions(session) == [3, 2, 1, 0]
    assert engine.tables() == set()


def test_statements_without_a_command(session: Session) -> None:
    ran = list(session.apply([script(1, ";", "", "-- nothing"), script(2, "SELECT 1;")]))
    assert told(ran) == [(1, "up", 3), (2, "up", 1)]


def test_nothing_to_apply(session: Session) -> None:
    assert list(session.apply([])) == []
    assert versions(session) == [0]


@pytest.mark.parametrize("plain", [True, False])
def test_a_failing_statement_undoes_its_file_alone(engine: Engine, session: Session, plain: bool) -> None:
    error, applied = fail(
        session,
        script(1, "CREATE TABLE a (n int);"),
        script(2, "CREATE TABLE b (n int);", "INSERT INTO missing VALUES (1);", "SELECT 1;", plain=plain),
        script(3, "CREATE TABLE c (n int);"),
    )
    assert (error.stage, error.migration.version, error.direction) == ("statement", 2, "up")
    assert error.statement == Statement("INSERT INTO missing VALUES (1);", 3)
    assert error.transactional
    assert "missing" in error.cause.driver_text
    assert told(applied) == [(1, "up", 1)]
    assert engine.tables() == {"a"}
    assert versions(session) == [1, 0]
    assert told(list(session.apply([script(2, "CREATE TABLE b (n int);")]))) == [(2, "up", 1)]


def test_a_failing_version_row_undoes_its_file(engine: Engine, session: Session) -> None:
    engine.ask(f"CREATE UNIQUE INDEX once ON {engine.table} (version_id)")
    error, applied = fail(
        session, script(1, "CREATE TABLE a (n int);"), script(1, "CREATE TABLE b (n int);"), script(2)
    )
    assert (error.stage, error.migration.version, error.statement) == ("insert", 1, None)
    assert told(applied) == [(1, "up", 1)]
    assert engine.tables() == {"a"}


def test_a_failing_delete_of_the_row(engine: Engine, session: Session) -> None:
    list(session.apply([script(1, "CREATE TABLE a (n int);")]))
    error, _ = fail(session, down(1, "DROP TABLE a;", f"ALTER TABLE {engine.table} RENAME TO gone;"))
    assert (error.stage, error.direction) == ("delete", "down")
    assert engine.tables() == {"a"}
    assert versions(session) == [1, 0]


@pytest.mark.parametrize("plain", [True, False])
def test_a_failing_commit(engine: Engine, session: Session, plain: bool) -> None:
    error, applied = fail(session, script(1), script(2, *engine.unfinished, plain=plain), script(3))
    assert (error.stage, error.migration.version, error.statement) == ("commit", 2, None)
    assert told(applied) == [(1, "up", 0)]
    assert engine.tables() == set()
    assert versions(session) == [1, 0]


def test_a_file_without_transaction_keeps_what_ran(engine: Engine, session: Session) -> None:
    error, applied = fail(
        session,
        script(1, "CREATE TABLE a (n int);"),
        script(2, "CREATE TABLE b (n int);", "INSERT INTO missing VALUES (1);", transactional=False),
        script(3, "CREATE TABLE c (n int);"),
    )
    assert (error.stage, error.migration.version, error.transactional) == ("statement", 2, False)
    assert told(applied) == [(1, "up", 1)]
    assert engine.tables() == {"a", "b"}
    assert versions(session) == [1, 0]


def test_files_with_and_without_transactions_mix(engine: Engine, session: Session) -> None:
    files = [
        script(
            version, f"CREATE TABLE t{version} (n int);", transactional=version % 3 > 0, plain=version % 2 > 0
        )
        for version in range(1, 13)
    ]
    assert told(list(session.apply(files))) == [(version, "up", 1) for version in range(1, 13)]
    assert versions(session) == list(range(12, -1, -1))
    assert len(engine.tables()) == 12


def test_without_record_the_version_table_is_not_touched(engine: Engine) -> None:
    session = engine.open()
    ran = list(session.apply([script(1, "CREATE TABLE a (n int);"), script(2, "SELECT 1;")], record=False))
    assert told(ran) == [(1, "up", 1), (2, "up", 1)]
    assert engine.tables() == {"a"}
    assert told(list(session.apply([down(1, "DROP TABLE a;")], record=False))) == [(1, "down", 1)]
    assert engine.tables() == set()


def test_scripts_are_taken_one_window_ahead_at_most(session: Session) -> None:
    taken: list[int] = []

    def scripts() -> Iterator[Script]:
        for version in range(1, 401):
            taken.append(version)
            yield script(version, "SELECT 1;")

    for ran in session.apply(scripts()):
        assert taken[-1] <= ran.migration.version + 33
    assert len(taken) == 400
    assert versions(session) == list(range(400, -1, -1))


@pytest.mark.parametrize("transactional", [True, False])
def test_an_error_of_the_scripts_comes_after_the_files_before_it(
    session: Session, transactional: bool
) -> None:
    def scripts() -> Iterator[Script]:
        yield script(1, "SELECT 1;", transactional=transactional)
        yield script(2, "SELECT 1;", transactional=transactional)
        raise FilesError("the third file cannot be read")

    ran: list[Ran] = []
    with pytest.raises(FilesError, match="third"):
        ran.extend(session.apply(scripts()))
    assert versions(session) == [2, 1, 0]


def test_a_failing_file_wins_over_a_later_error_of_the_scripts(session: Session) -> None:
    def scripts() -> Iterator[Script]:
        yield script(1, "SELECT 1;")
        yield script(2, "INSERT INTO missing VALUES (1);")
        raise FilesError("the third file cannot be read")

    with pytest.raises(ApplyError) as caught:
        list(session.apply(scripts()))
    assert caught.value.migration.version == 2
    assert versions(session) == [1, 0]


class Broken:
    """Statements of a file that cannot be read to its end."""

    def __iter__(self) -> Iterator[Statement]:
        yield Statement("CREATE TABLE half (n int);")
        raise FilesError("the disk is gone")


@pytest.mark.parametrize("plain", [True, False])
def test_an_error_in_the_middle_of_a_file_undoes_it(engine: Engine, session: Session, plain: bool) -> None:
    broken = Script(Migration(2, "m/00002_x.sql"), "up", Broken(), 2, True, plain)
    ran: list[int] = []
    with pytest.raises(FilesError, match="disk"):
        for one in session.apply([script(1, "CREATE TABLE a (n int);"), broken, script(3)]):
            ran.append(one.migration.version)
    assert ran == [1]
    assert engine.tables() == {"a"}
    assert versions(session) == [1, 0]


def test_rows_of_a_query_are_thrown_away(engine: Engine, session: Session) -> None:
    ran = list(session.apply([script(1, engine.many_rows, "CREATE TABLE a (n int);")]))
    assert told(ran) == [(1, "up", 2)]
    assert engine.tables() == {"a"}


def test_very_many_small_statements(engine: Engine, session: Session) -> None:
    texts = [f"INSERT INTO a VALUES ({n});" for n in range(10000)]
    ran = list(session.apply([script(1, "CREATE TABLE a (n int);", *texts)]))
    assert told(ran) == [(1, "up", 10001)]
    assert engine.ask("SELECT count(*), sum(n) FROM a") == [(10000, 49995000)]


def test_text_goes_through_unharmed(engine: Engine, session: Session) -> None:
    text = "a%s ? :x $q é 日本 \\n \t 100% ''quoted''"
    list(session.apply([script(1, "CREATE TABLE a (v text);", f"INSERT INTO a VALUES ('{text}');")]))
    assert engine.ask("SELECT v FROM a") == [(text.replace("''", "'"),)]


def test_a_nul_byte_is_an_error_of_its_statement(engine: Engine, session: Session) -> None:
    error, applied = fail(
        session,
        script(1, "CREATE TABLE a (n int);"),
        script(2, "CREATE TABLE b (n int);", "INSERT INTO a VALUES (1 \0);"),
    )
    assert (error.stage, error.migration.version) == ("statement", 2)
    assert told(applied) == [(1, "up", 1)]
    assert engine.tables() == {"a"}


def test_every_step_is_told_before_it_happens(engine: Engine, session: Session) -> None:
    steps: list[tuple[str, str, bool]] = []
    files = [
        script(1, "CREATE TABLE a (n int);", "SELECT 1;"),
        script(2, "CREATE TABLE b (n int);", transactional=False),
        script(3, "CREATE TABLE c (n int);", "INSERT INTO missing VALUES (1);"),
    ]
    with pytest.raises(ApplyError):
        list(session.apply(files, trace=lambda *step: steps.append(step)))
    assert steps == [
        ("begin", "", True),
        ("statement", "CREATE TABLE a (n int);", True),
        ("statement", "SELECT 1;", True),
        ("commit", "", True),
        ("statement", "CREATE TABLE b (n int);", False),
        ("begin", "", True),
        ("statement", "CREATE TABLE c (n int);", True),
        ("statement", "INSERT INTO missing VALUES (1);", True),
        ("rollback", "", True),
    ]
    assert engine.tables() == {"a", "b"}


def test_a_run_left_early_leaves_whole_files(engine: Engine, session: Session) -> None:
    files = [script(version, f"CREATE TABLE t{version} (n int);") for version in range(1, 101)]
    for ran in session.apply(files):
        if ran.migration.version == 3:
            break
    rows = set(versions(session)) - {0}
    assert rows >= {1, 2, 3}
    assert len(rows) < 100
    assert engine.tables() == {f"t{version}" for version in rows}
