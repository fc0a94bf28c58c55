"""The grammar through the wheel's library, and through pglast where that cannot be opened."""

from __future__ import annotations

import json
import subprocess
import sys

import pglast.parser
import pytest

from greylag.sql import grammar

TEXTS = [
    "SELECT 1",
    "CREATE TABLE t (id text PRIMARY KEY DEFAULT gen_random_uuid()::text); DROP TABLE t",
    "ALTER TABLE ünï ADD COLUMN é text DEFAULT 'ä'",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_tree_is_the_one_that_pglast_gives(text: str) -> None:
    assert json.loads(grammar.parse_json(text.encode()) or b"") == json.loads(
        pglast.parser.parse_sql_json(text)
    )


@pytest.mark.parametrize("text", ["SELEC 1", "SELECT 'open", "CREATE TABLE ("])
def test_what_the_grammar_refuses_has_no_tree(text: str) -> None:
    assert grammar.parse_json(text.encode()) is None
    assert grammar._imported(text.encode()) is None


def test_pglast_itself_stays_unloaded() -> None:
    code = "import sys; from greylag.sql.grammar import parse_json; parse_json(b'SELECT 1'); print('pglast' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_a_library_that_cannot_be_opened_is_passed_over(tmp_path) -> None:
    from _imp import extension_suffixes

    (tmp_path / "pglast").mkdir()
    broken = tmp_path / "pglast" / f"parser{extension_suffixes()[0]}"
    broken.write_bytes(b"no library")
    assert list(grammar.libraries([str(tmp_path)])) == [str(broken)]
    assert grammar._open([str(tmp_path)]) is None
    assert grammar._open([]) is None


@pytest.mark.parametrize("text", TEXTS)
def test_without_the_library_pglast_is_asked(text: str) -> None:
    assert json.loads(grammar._imported(text.encode()) or b"") == json.loads(
        grammar.parse_json(text.encode()) or b""
    )
