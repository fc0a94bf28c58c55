from __future__ import annotations

import psycopg
import pytest

from greylag.sql.names import LONGEST, derived_name, read_name, write_name


@pytest.mark.parametrize(
    ("word", "parts", "written"),
    [
        ("users", ("users",), "users"),
        ("app.users", ("app", "users"), "app.users"),
        ("User", ("User",), '"User"'),
        ('"User"', ("User",), '"User"'),
        ("order", ("order",), '"order"'),
        ("app.User", ("app", "User"), 'app."User"'),
        ('"a.b"."c""d"', ("a.b", 'c"d'), '"a.b"."c""d"'),
        ("two words", ("two words",), '"two words"'),
        ("größe", ("größe",), '"größe"'),
        ("1st", ("1st",), '"1st"'),
        ("values", ("values",), '"values"'),
        ("left", ("left",), '"left"'),
        ("name", ("name",), "name"),
    ],
)
def test_a_name_is_read_as_the_catalog_has_it_and_written_for_sql(
    word: str, parts: tuple[str, ...], written: str
) -> None:
    assert read_name(word) == parts
    assert write_name(*parts) == written
    assert read_name(written) == parts


@pytest.mark.parametrize("word", ["", ".", "a.", ".b", "a.b.c", '"open', '""', "a\nb", " "])
def test_no_names(word: str) -> None:
    with pytest.raises(ValueError):
        read_name(word)


def test_a_long_name_keeps_apart_what_postgres_would_cut_off(database: str) -> None:
    names = [derived_name("idx", "ä" * 40, column) for column in ("one", "two")]
    assert len(set(names)) == 2
    assert all(len(name.encode()) <= LONGEST for name in names)
    assert derived_name("idx", "users", "email") == "idx_users_email"
    with psycopg.connect(database, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE TABLE {write_name(name)} ()")
        query = "SELECT relname FROM pg_class WHERE relname LIKE 'idx%' ORDER BY 1"
        assert [name for (name,) in connection.execute(query)] == sorted(names)
