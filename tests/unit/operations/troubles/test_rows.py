from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

import pytest

ADD = "ALTER TABLE s ADD CONSTRAINT k FOREIGN KEY (u) REFERENCES app.users(id);"


def test_rows_without_a_value(hint: Callable[..., str]) -> None:
    says = 'column "e" of relation "users" contains null values'
    assert "the new column e" in hint("23502", says, failing="ALTER TABLE users ADD e text NOT NULL;")
    told = hint("23502", says, failing="ALTER TABLE users ALTER e SET NOT NULL;")
    assert "    UPDATE users SET e = … WHERE e IS NULL;\n" in told
    assert hint("23502", "etwas anderes").startswith("A row lacks a value")


@pytest.mark.parametrize(
    ("failing", "table"),
    [
        ("CREATE UNIQUE INDEX i ON ONLY app.users (lower(e));", "app.users"),
        ("ALTER TABLE users ADD UNIQUE (e);", "users"),
        ("CREATE UNIQUE INDEX i ON users (e) WHERE active;", ""),
    ],
)
def test_the_query_that_lists_equal_rows(hint: Callable[..., str], failing: str, table: str) -> None:
    detail = "Key (lower(e))=(a) is duplicated."
    told = hint("23505", 'could not create unique index "i"', detail, failing=failing)
    query = f"SELECT lower(e), count(*) FROM {table} GROUP BY lower(e) HAVING count(*) > 1;"
    assert (query in told) == bool(table)


def test_the_query_that_lists_rows_that_refer_to_nothing(hint: Callable[..., str]) -> None:
    says, detail = 'insert or update on table "s" violates …', 'Key (u)=(x) is not present in table "users".'
    told = hint("23503", says, detail, failing=ADD)
    assert "SELECT t.* FROM s t LEFT JOIN app.users o ON o.id = t.u WHERE o.id IS NULL AND" in told
    for other in (ADD.replace("(id)", ""), "INSERT INTO s VALUES (1);"):
        assert "SELECT" not in hint("23503", says, detail, failing=other)
    assert "Other rows refer" in hint("23503", 'update or delete on table "users" violates …', failing="x;")


def test_checks_and_types(hint: Callable[..., str]) -> None:
    assert "do not keep c" in hint("23514", 'check constraint "c" of relation "a" is violated by some row')
    assert "make the partition" in hint("23514", 'no partition of relation "a" found for row')
    for code in ("22P02", "22001", "22003"):
        retyped = hint(code, "x", failing="ALTER TABLE a ALTER b TYPE int;")
        assert retyped.startswith("Find the rows") and hint(code, "x", failing="SELECT 1;") != retyped
