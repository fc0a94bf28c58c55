"""How a file of ClickHouse is read differently from one of PostgreSQL."""

from __future__ import annotations

import subprocess
import sys

import pytest

from greylag.model.migration import Migration, Script, Statement
from greylag.operations.dialects import as_run, examiner

BLOCK = Statement("CREATE TABLE a (x Int8); CREATE TABLE b (x Int8);", 3)
SCRIPT = Script(Migration(1, "m/00001_a.sql"), "up", [BLOCK], 1, transactional=True, plain=True)


def test_a_block_of_several_statements_is_several_outside_transactions() -> None:
    script = as_run(SCRIPT, "clickhouse")
    assert [statement.text for statement in script.statements] == [
        "CREATE TABLE a (x Int8);",
        "CREATE TABLE b (x Int8);",
    ]
    assert (script.count, script.transactional) == (2, False)
    assert list(script.statements) == list(script.statements)  # read for hashing, then for running


def test_postgresql_s_script_is_left_as_it_is() -> None:
    assert as_run(SCRIPT, "postgres") is SCRIPT


def test_each_form_has_its_reader() -> None:
    assert examiner("clickhouse")("DROP TABLE t").deeds is not None
    facts = examiner("postgres")("DROP TABLE t")
    assert (facts.deeds, facts.lock) == (None, "ACCESS EXCLUSIVE")


@pytest.mark.parametrize(
    ("form", "other"), [("clickhouse", "pglast"), ("postgres", "greylag.sql.clickhouse")]
)
def test_the_other_engine_s_reader_is_not_imported(form: str, other: str) -> None:
    code = (
        "import sys; from greylag.operations.dialects import examiner; "
        f"examiner({form!r})('DROP TABLE t'); sys.exit({other!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
