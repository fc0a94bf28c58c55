"""What a file's text tells of its run; on a real server the run answers as foretold."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from greylag.errors import ApplyError, RefusedError
from greylag.model.care import Manners, Runner
from greylag.model.migration import Migration
from greylag.operations import careful
from greylag.operations.connect import connect
from greylag.operations.obstacles import obstacles
from greylag.operations.options import Care, RunOptions
from greylag.operations.up import up

EXAMPLES = Path(__file__).parents[3] / "examples" / "my-girok" / "services"
APART = "-- +goose NO TRANSACTION\n"


def found(tmp_path: Path, up: str, down: str = "", head: str = "") -> list[tuple[str, str, int]]:
    """Rule, severity and line of what is found."""
    path = tmp_path / "1_a.sql"
    path.write_text(f"{head}-- +goose Up\n{up}\n-- +goose Down\n{down}\n")
    return [(each.rule, each.severity, each.where.line) for each in obstacles(Migration(1, str(path)))]


@pytest.mark.parametrize("head", ["", APART])
def test_transaction_control_and_copy_are_refused_everywhere(tmp_path: Path, head: str) -> None:
    first = 2 + bool(head)
    assert found(tmp_path, "COMMIT;", "ROLLBACK;", head) == [
        ("explicit-begin-commit", "error", first),
        ("explicit-begin-commit", "error", first + 2),
    ]
    assert found(tmp_path, "COPY a FROM stdin;", head=head) == [("copy-from-stdin", "error", first)]
    assert found(tmp_path, "SAVEPOINT a;", head="") == []


@pytest.mark.parametrize("text", ["COMMIT;", "COPY a FROM stdin;"])
def test_the_run_refuses_in_the_same_words(tmp_path: Path, database: str, text: str) -> None:
    (tmp_path / "1_a.sql").write_text(f"-- +goose Up\n{text}\n")
    (finding,) = obstacles(Migration(1, str(tmp_path / "1_a.sql")))
    options = RunOptions(
        care=Care(Manners(Runner(str(uuid4()), "ana", "desk", "test", "up")), lambda notice: None)
    )
    session = connect("postgres", database, "goose_db_version")
    try:
        with pytest.raises(RefusedError) as caught:
            list(careful.up(session, str(tmp_path), options))
    finally:
        session.close()
    assert finding.message == f"{caught.value.message.removeprefix('1_a.sql holds ')}: greylag up refuses it"
    assert finding.hint == caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["CREATE INDEX CONCURRENTLY i ON a (b);", "VACUUM a;", "-- why\nDROP INDEX CONCURRENTLY i;",
     "REINDEX TABLE CONCURRENTLY a;", "ALTER SYSTEM SET work_mem = '8MB';", "CREATE DATABASE d;"],
)  # fmt: skip
def test_what_cannot_run_in_a_transaction(tmp_path: Path, text: str) -> None:
    line = 2 + text.count("\n")
    assert found(tmp_path, text) == [("concurrently-in-transaction", "error", line)]
    assert found(tmp_path, text, head=APART) == []


def test_a_block_of_several_is_a_transaction_of_its_own(tmp_path: Path) -> None:
    block = "-- +goose StatementBegin\nSELECT 1;\nVACUUM;\n-- +goose StatementEnd"
    assert found(tmp_path, block, head=APART) == [("concurrently-in-transaction", "error", 4)]


@pytest.mark.parametrize("text", ["CALL p();", "-- +goose StatementBegin\nDO $$ BEGIN END $$;\n-- +goose StatementEnd"])  # fmt: skip
def test_what_may_commit_by_itself_may_run_inside_too(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


def test_several_statements_outside_a_transaction_are_noted_per_direction(tmp_path: Path) -> None:
    notes = [("no-transaction-multi", "note", 4), ("no-transaction-multi", "note", 7)]
    assert found(tmp_path, "VACUUM a;\nVACUUM b;", "VACUUM a;\nVACUUM b;", APART) == notes
    assert found(tmp_path, "SELECT 1;\nSELECT 2;", "SELECT 1;") == []


def test_the_message_quotes_no_more_than_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "1_a.sql"
    path.write_text(f"-- +goose Up\nCREATE INDEX CONCURRENTLY {'i' * 90} ON a (b);\n")
    (finding,) = obstacles(Migration(1, str(path)))
    assert finding.message.startswith(f"CREATE INDEX CONCURRENTLY {'i' * 34}…: PostgreSQL refuses it")


def test_the_example_has_nothing_in_the_way() -> None:
    paths = sorted(EXAMPLES.rglob("migrations/**/*.sql"))
    assert len(paths) > 20
    for path in paths:
        assert obstacles(Migration(1, str(path))) == [], path


@pytest.mark.parametrize(
    ("head", "text"),
    [("", "VACUUM;"), (APART, "-- +goose StatementBegin\nSELECT 1;\nVACUUM;\n-- +goose StatementEnd")],
)
def test_the_server_says_the_same(tmp_path: Path, database: str, head: str, text: str) -> None:
    assert [rule for rule, _, _ in found(tmp_path, text, head=head)] == ["concurrently-in-transaction"]
    session = connect("postgres", database, "goose_db_version")
    try:
        with pytest.raises(ApplyError) as caught:
            list(up(session, str(tmp_path), RunOptions()))
    finally:
        session.close()
    assert caught.value.cause.sqlstate == "25001"
