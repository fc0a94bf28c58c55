from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.operations.troubles.definitions import Reference, read


def test_a_new_table() -> None:
    text = """CREATE TABLE IF NOT EXISTS app.Devices (
        id TEXT PRIMARY KEY DEFAULT gen_random_uuid()::TEXT,
        price NUMERIC(10, 2), "User" character varying(20) REFERENCES users ON DELETE CASCADE,
        CHECK (price > 0), LIKE other,
        CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES public.pairs (x, y)
    ) PARTITION BY RANGE (id);"""
    found = read(text)
    assert found is not None and (found.table, found.creates) == ("app.devices", True)
    assert [
        (column.name, text[column.start : column.end], column.has_default) for column in found.columns
    ] == [
        ("id", "TEXT", True),
        ("price", "NUMERIC(10, 2)", False),
        ("User", "character varying(20)", False),
    ]
    assert found.references == (
        Reference(("User",), "users", ()),
        Reference(("a", "b"), "public.pairs", ("x", "y")),
    )


def test_an_altered_table() -> None:
    text = """ALTER TABLE IF EXISTS ONLY t ADD COLUMN IF NOT EXISTS a uuid REFERENCES u(id),
        DROP COLUMN z, ADD b int, ADD CONSTRAINT k FOREIGN KEY (c) REFERENCES v"""
    found = read(text)
    assert found is not None and (found.table, found.creates) == ("t", False)
    assert [(column.name, text[column.start : column.end]) for column in found.columns] == [
        ("a", "uuid"),
        ("b", "int"),
    ]
    assert found.references == (Reference(("a",), "u", ("id",)), Reference(("c",), "v", ()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DROP TABLE a",
        "CREATE TABLE a AS SELECT 1",
        "CREATE TABLE",
        "ALTER TABLE",
        "CREATE INDEX i ON t (a)",
    ],
)
def test_other_statements_define_nothing(text: str) -> None:
    found = read(text)
    assert found is None or not found.columns


WORDS = st.sampled_from(
    [
        *("CREATE", "TABLE", "ADD", "COLUMN", "a", "b", "uuid", "(", ")", ",", ".", ";", "REFERENCES"),
        *("FOREIGN", "KEY", "CONSTRAINT", "NOT", "NULL", "DEFAULT", "''"),
    ]
)


@given(st.sampled_from(["CREATE TABLE t (", "ALTER TABLE t ADD "]), st.lists(WORDS, max_size=14))
def test_nonsense_is_read_without_a_fault(head: str, words: list[str]) -> None:
    found = read(head + " ".join(words))
    assert found is None or found.table == "t"
