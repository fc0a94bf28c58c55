from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = "VACUUM cannot run inside a transaction block"
UNSAFE = 'unsafe use of new value "b" of enum type m'


def test_the_line_for_the_top_of_the_file(hint: Callable[..., str]) -> None:
    told = hint("25001", BLOCK, failing="VACUUM;")
    assert "top of 00002_it.sql" in told and "\n    -- +goose NO TRANSACTION\n" in told
    assert "give the statement a block" in hint("25001", BLOCK, failing="VACUUM;", transactional=False)
    assert "a file of its own" in hint(
        "25001", "VACUUM cannot be executed from a function", failing="DO 'x';"
    )


def test_a_new_enum_value_is_used_in_the_next_file(hint: Callable[..., str]) -> None:
    up = "ALTER TYPE m ADD VALUE 'b';\nSELECT 'b'::m;"
    assert "move the statement in line 3 to the next file" in hint(
        "55P04", UNSAFE, up=up, failing="SELECT 'b'::m;"
    )
    assert "run up without it" in hint("55P04", UNSAFE, failing="SELECT 'b'::m;")
    assert "in the next file" in hint("55P04", "etwas anderes")


def test_no_writing(hint: Callable[..., str]) -> None:
    assert "pg_is_in_recovery" in hint("25006", "cannot execute CREATE TABLE in a read-only transaction")
