"""A migration's name, and the way back from a place in a statement to its place in the file."""

from __future__ import annotations

import pytest

from greylag.model.migration import Migration, Statement


@pytest.mark.parametrize(
    ("path", "name", "is_sql"),
    [("1_a.sql", "1_a.sql", True), ("deep/er/2_b.go", "2_b.go", False), ("/3_c.sql.go", "3_c.sql.go", False)],
)
def test_name_and_kind(path: str, name: str, is_sql: bool) -> None:
    migration = Migration(1, path)
    assert (migration.name, migration.is_sql) == (name, is_sql)


def test_files_sort_by_version() -> None:
    files = [Migration(10, "10_a.sql"), Migration(9, "9_z.sql"), Migration(11, "011_b.sql")]
    assert [migration.version for migration in sorted(files)] == [9, 10, 11]


@pytest.mark.parametrize(
    ("offset", "place"),
    [(0, (5, 3)), (6, (5, 9)), (7, (6, 1)), (10, (6, 4)), (12, (7, 1))],
)
def test_an_offset_becomes_line_and_column(offset: int, place: tuple[int, int]) -> None:
    assert Statement("SELECT\nabcd\nx", line=5, column=3).place(offset) == place


def test_lines_the_parser_dropped_count() -> None:
    statement = Statement("a\nb\nc", line=10, gaps=(1, 1, 2))
    assert [statement.place(offset)[0] for offset in (0, 2, 4)] == [10, 13, 15]
