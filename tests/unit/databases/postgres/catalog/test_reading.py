"""The whole Catalog: what it leaves out, what prints it, and what comes between."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.catalog import reading
from greylag.errors import DatabaseError
from tests.unit.databases.postgres.catalog.conftest import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greylag.databases.postgres.channel import Channel


def test_an_empty_database(fresh: Place) -> None:
    catalog = fresh.look()
    assert catalog.engine == "postgres"
    assert catalog.version.startswith("16.")
    assert [schema.name for schema in catalog.schemas] == ["public"]
    assert (catalog.tables, catalog.views, catalog.routines, catalog.sequences) == ((), (), (), ())


def test_system_schemas_and_temporary_tables_are_nobodys(place: Place) -> None:
    place.run("CREATE SCHEMA pgx; CREATE TABLE pgx.t (a int); CREATE TEMPORARY TABLE passing (a int)")
    catalog = place.look()
    assert [schema.name for schema in catalog.schemas] == ["pgx", "public"]
    assert [(table.schema, table.name) for table in catalog.tables] == [("pgx", "t")]
    place.run("DROP TABLE passing")


@pytest.mark.parametrize("name", ["far", "o'dd", 'quo"te', "back\\slash", "{braces}"])
def test_only_the_schemas_asked_for(place: Place, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    place.run(f"CREATE TABLE a (x int); CREATE SCHEMA {quoted}; CREATE TYPE {quoted}.mood AS ENUM ('x')")
    place.run(f"CREATE TABLE {quoted}.b (m {quoted}.mood DEFAULT 'x')")
    catalog = place.look(schemas=[name], home=name)
    assert [schema.name for schema in catalog.schemas] == [name]
    assert [(table.schema, table.name) for table in catalog.tables] == [(name, "b")]
    column = catalog.tables[0].columns[0]
    assert (column.type.text, column.default) == ("mood", "'x'::mood")


def test_no_schemas_at_all(place: Place) -> None:
    catalog = place.look("CREATE TABLE t (a int)", schemas=[])
    assert (catalog.schemas, catalog.tables) == ((), ())


SETTINGS = (
    "TimeZone TO 'Asia/Seoul'", "DateStyle TO 'SQL, DMY'", "IntervalStyle TO iso_8601", "extra_float_digits TO -5",
    "quote_all_identifiers TO on", "standard_conforming_strings TO off", "bytea_output TO escape",
    "search_path TO far", "default_transaction_isolation TO serializable", "client_encoding TO latin1",
)  # fmt: skip


def test_settings_of_the_database_change_no_text(fresh: Place) -> None:
    fresh.run("CREATE SCHEMA far; CREATE TYPE far.e AS ENUM ('a'); CREATE TYPE f AS ENUM ('한')")
    fresh.run("""CREATE TABLE t (a timestamptz DEFAULT '2024-05-06 07:08:09+00', b interval DEFAULT '1 day 2 hours',
        c float8 DEFAULT 0.1, d text DEFAULT E'x\\\\y', e far.e DEFAULT 'a', f f DEFAULT '한',
        g bytea DEFAULT '\\x6100')""")
    before = fresh.look()
    name = fresh.url.rpartition("/")[2].partition("?")[0]
    for setting in SETTINGS:
        fresh.run(f'ALTER DATABASE "{name}" SET {setting}')
    other = Place(fresh.url)
    try:
        assert other.look().tables == before.tables
    finally:
        other.close()


def test_settings_of_the_session_are_as_they_were(place: Place) -> None:
    place.look()
    shown = place.session.ask(lambda channel: channel.fetch(b"SHOW search_path", binary=False).rows)
    assert shown == [(b'"$user", public',)]
    assert not place.session.ask(lambda channel: channel.in_transaction)


def test_functions_of_others_are_not_called(fresh: Place) -> None:
    fresh.run("CREATE FUNCTION public.format(text, name) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE; END'")
    fresh.run("CREATE FUNCTION public.concat(text, text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE; END'")
    fresh.run("CREATE FUNCTION public.trap(name, name) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RAISE; END'")
    fresh.run("CREATE OPERATOR public.!~ (FUNCTION = trap, LEFTARG = name, RIGHTARG = name)")
    assert len(fresh.look("CREATE TABLE t (a int)").tables) == 1


def test_a_role_without_rights_sees_the_same(place: Place) -> None:
    place.run("DROP ROLE IF EXISTS catalog_nobody; CREATE ROLE catalog_nobody LOGIN; CREATE SCHEMA far")
    place.run("CREATE TABLE far.t (a int PRIMARY KEY, b text); CREATE VIEW far.v AS SELECT a FROM far.t")
    place.run(
        "CREATE FUNCTION far.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON SCHEMA public FROM PUBLIC"
    )
    guest = Place(place.url.replace("postgres@", "catalog_nobody@"))
    try:
        assert guest.look() == place.look()
    finally:
        guest.close()
        place.run("DROP ROLE catalog_nobody")


def test_a_locked_table_with_defaults_alone_is_read_without_waiting(place: Place) -> None:
    import psycopg

    place.run("CREATE TABLE t (id serial, a text DEFAULT 'x')")
    with psycopg.connect(place.url) as holder:
        holder.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        reader = threading.Thread(target=place.look, daemon=True)
        reader.start()
        reader.join(20)
        assert not reader.is_alive()


class Failing:
    """copy_out that fails a number of times, as where an object is dropped while it is looked at."""

    def __init__(self, times: int, sqlstate: str) -> None:
        self.times, self.sqlstate, self.calls = times, sqlstate, 0
        self._real = reading.copy_out

    def __call__(self, channel: Channel, *given: object) -> Iterator[list[list[str]]]:
        self.calls += 1
        if self.calls <= self.times:
            text = "cache lookup failed for relation 4711"
            raise DatabaseError(text, driver_text=text, sqlstate=self.sqlstate)
        return self._real(channel, *given)  # type: ignore[arg-type]


def test_an_object_that_goes_away_is_looked_for_once_more(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.run("CREATE TABLE t (a int)")
    failing = Failing(1, "XX000")
    monkeypatch.setattr(reading, "copy_out", failing)
    assert [table.name for table in place.look().tables] == ["t"]
    assert failing.calls == 2


def test_objects_that_go_away_again_and_again_are_an_error_that_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(2, "XX000")
    monkeypatch.setattr(reading, "copy_out", failing)
    with pytest.raises(DatabaseError, match="cache lookup failed") as caught:
        place.look()
    assert "while" in (caught.value.hint or "")
    assert failing.calls == 2


def test_any_other_error_is_raised_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = Failing(1, "57014")
    monkeypatch.setattr(reading, "copy_out", failing)
    with pytest.raises(DatabaseError):
        place.look()
    assert failing.calls == 1


def test_after_an_error_the_session_goes_on(place: Place) -> None:
    with pytest.raises(DatabaseError, match="zero-length delimited identifier"):
        place.look(home="")
    assert place.look().tables == ()
