"""What is refused although goose runs it: nothing of the file stays, and the message says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.careful.refusing import closed_error, pooler_error, refusal
from greylag.databases.postgres.careful.rows import STRANGER
from greylag.errors import RefusedError
from tests.plugins.bench import read

if TYPE_CHECKING:
    from tests.plugins.bench import Bench

FORMS = {
    "bare": "{};",
    "begin": "BEGIN;\nINSERT INTO a VALUES (2);\n{};",
    "block": "-- +goose StatementBegin\nINSERT INTO a VALUES (2); {}; INSERT INTO a VALUES (3);\n-- +goose StatementEnd",
}


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("atomic", [False, True])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("word", ["COMMIT", "ROLLBACK", "COPY a FROM stdin"])
def test_nothing_of_the_file_is_left(
    bench: Bench, word: str, form: str, *, atomic: bool, outside: bool
) -> None:
    bench.ask("CREATE TABLE a (n int)")
    bench.write("00001_b.sql", "CREATE TABLE b (n int);")
    text = f"INSERT INTO a VALUES (1);\nCREATE TABLE c (n int);\n{FORMS[form].format(word)}\nINSERT INTO a VALUES (4);"
    bench.write("00002_c.sql", text, outside=outside)
    with pytest.raises(RefusedError, match=r"00002_c\.sql"):
        bench.up(atomic=atomic)
    assert bench.ask("SELECT * FROM a") == []
    assert not bench.is_there("c")
    assert bench.versions() == ([] if atomic else [1])
    assert bench.journal("version", "WHERE open") == []


@pytest.mark.parametrize("outside", [False, True])
def test_on_the_way_back_too(bench: Bench, *, outside: bool) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);", "DROP TABLE a;\nCOMMIT;", outside=outside)
    bench.up()
    with pytest.raises(RefusedError, match="COMMIT"):
        bench.back()
    assert bench.is_there("a")
    assert bench.versions() == [1]
    bench.edit("00001_a.sql", "COMMIT;", "")
    assert bench.back() == [1]


def test_savepoints_may_stay(bench: Bench) -> None:
    bench.write(
        "00001_a.sql",
        "CREATE TABLE a (n int);\nSAVEPOINT s;\nINSERT INTO a VALUES (1);\nROLLBACK TO s;\nRELEASE s;",
    )
    assert bench.up() == [1]
    assert bench.ask("SELECT * FROM a") == []


def test_transaction_control_is_named_with_its_place() -> None:
    script = read("-- +goose Up\nSELECT 1;\n\n  COMMIT;\n")
    error = refusal(script, list(script.statements)[1], "COMMIT")
    assert error.message.startswith("00001_x.sql holds its own transaction control (COMMIT)")
    assert str(error.where) == "00001_x.sql:4:3"
    assert "take COMMIT out of the file" in str(error.hint)
    assert "-- +goose NO TRANSACTION" in str(error.hint)


def test_copy_is_named_and_the_way_for_a_dump_shown() -> None:
    script = read("-- +goose Up\nCOPY a FROM stdin;\n")
    error = refusal(script, next(iter(script.statements)), "")
    assert "COPY … FROM stdin" in error.message
    assert "greylag baseline VERSION" in str(error.hint)
    assert "pg_dump --inserts" in str(error.hint)


def test_a_pooler() -> None:
    error = pooler_error()
    assert "nothing was written" in error.message
    assert error.driver_text == STRANGER
    assert "pool_mode = session" in str(error.hint)


def test_a_closed_journal() -> None:
    error = closed_error('"Odd".greylag_journal', "app")
    assert (
        error.message == 'role app may not write the journal "Odd".greylag_journal, which another role made'
    )
    assert 'GRANT USAGE ON SCHEMA "Odd" TO app' in str(error.hint)
