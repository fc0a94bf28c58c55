"""Where the journal is made, how it is brought up to date, and whose rows are whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.databases.postgres.careful import place
from greylag.databases.postgres.careful.place import Place, identifier, literal
from greylag.errors import DatabaseError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.bench import Bench


@pytest.fixture
def own_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The journal's migrations in a folder that a test may add to."""
    folder = tmp_path / "own"
    folder.mkdir()
    first = place.migrations()[0][1]
    with open(f"{place._FOLDER}/{first}", encoding="utf-8") as file:
        (folder / first).write_text(file.read())
    monkeypatch.setattr(place, "_FOLDER", str(folder))
    return folder


def add(folder: Path, version: int, statement: str) -> None:
    (folder / f"{version:05d}_more.sql").write_text(
        f"-- +goose Up\n{statement};\n\n-- +goose Down\nSELECT 1;\n"
    )


def as_role(bench: Bench, role: str) -> str:
    return bench.dsn.replace("postgres://postgres@", f"postgres://{role}@")


def test_it_is_made_once_in_a_schema_of_its_own(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    assert bench.up() == [1]
    oid = bench.value("SELECT 'greylag.journal'::regclass::oid")
    bench.write("00002_b.sql", "CREATE TABLE b (n int);")
    assert bench.up() == [2]
    assert bench.value("SELECT 'greylag.journal'::regclass::oid") == oid
    newest = place.migrations()[-1][0]
    own = bench.ask("SELECT version_id FROM greylag.goose_db_version ORDER BY id")
    assert own[0] == (0,)
    assert own[-1] == (newest,)
    assert len(own) == newest + 1


def test_gooses_own_table_holds_nothing_of_it(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    bench.up()
    assert bench.ask("SELECT version_id, is_applied FROM goose_db_version ORDER BY id") == [
        (0, True),
        (1, True),
    ]
    assert bench.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1") == [
        ("a",),
        ("goose_db_version",),
    ]


def test_its_way_back_is_in_the_file(bench: Bench) -> None:
    with bench.opened():
        pass
    name = place.migrations()[0][1]
    with open(f"{place._FOLDER}/{name}", encoding="utf-8") as file:
        bench.ask(file.read().partition("-- +goose Down")[2])
    assert not bench.is_there("greylag.journal")


def test_an_older_one_is_brought_up_to_date(bench: Bench, own_migrations: Path) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    assert bench.up() == [1]
    add(own_migrations, 2, "ALTER TABLE greylag.journal ADD COLUMN ticket text NOT NULL DEFAULT ''")
    add(own_migrations, 3, "CREATE INDEX journal_ticket ON greylag.journal (ticket)")
    bench.write("00002_b.sql", "CREATE TABLE b (n int);")
    assert bench.up() == [2]
    assert bench.journal("version, ticket") == [(1, ""), (2, "")]
    assert bench.is_there("greylag.journal_ticket")
    made = bench.ask("SELECT version_id FROM greylag.goose_db_version ORDER BY id")
    assert made == [(0,), (1,), (2,), (3,)]
    assert bench.up() == []
    assert bench.ask("SELECT version_id FROM greylag.goose_db_version ORDER BY id") == made


def test_a_migration_of_it_that_fails_leaves_nothing_of_itself(bench: Bench, own_migrations: Path) -> None:
    add(own_migrations, 2, "ALTER TABLE greylag.journal ADD COLUMN ticket text; SELECT 1/0")
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    with pytest.raises(DatabaseError, match="division by zero"):
        bench.up()
    assert bench.ask("SELECT max(version_id) FROM greylag.goose_db_version") == [(1,)]
    assert not bench.ask("SELECT 1 FROM pg_attribute WHERE attname = 'ticket'")
    assert not bench.is_there("a")


def test_one_that_is_newer_than_this_release_is_left_alone_and_used(bench: Bench) -> None:
    bench.write("00001_a.sql", "CREATE TABLE a (n int);")
    bench.up()
    bench.ask("ALTER TABLE greylag.journal ADD COLUMN ticket text NOT NULL DEFAULT 'later'")
    bench.ask("INSERT INTO greylag.goose_db_version (version_id, is_applied) VALUES (99, true)")
    bench.write("00002_b.sql", "CREATE TABLE b (n int);")
    assert bench.up() == [2]
    assert bench.journal("version, ticket") == [(1, "later"), (2, "later")]
    assert bench.ask("SELECT max(version_id) FROM greylag.goose_db_version") == [(99,)]


def test_a_role_that_may_make_no_schema_has_it_beside_the_version_table(bench: Bench, role: str) -> None:
    dsn = as_role(bench, role)
    bench.write("00001_a.sql", "CREATE TABLE a (n int);", "DROP TABLE a;")
    assert bench.up(dsn=dsn) == [1]
    assert not bench.is_there("greylag.journal")
    assert bench.ask("SELECT version, state FROM public.greylag_journal") == [(1, "done")]
    indexes = bench.ask(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'greylag_journal'::regclass"
    )
    assert {("greylag_journal_of_version",), ("greylag_journal_open",)} <= set(indexes)
    bench.edit("00001_a.sql", "CREATE TABLE", "create  table")
    assert bench.up(dsn=dsn) == []
    assert bench.back(dsn=dsn) == [1]
    assert [entry.direction for entry in bench.entries()] == ["up", "down"]


def test_a_role_that_may_make_nothing_at_all_is_told_by_the_server(bench: Bench, role: str) -> None:
    bench.ask(f"REVOKE CREATE ON SCHEMA public FROM {role}")
    bench.write("00001_a.sql", "SELECT 1;")
    with pytest.raises(DatabaseError, match="permission denied for schema public"):
        bench.up(dsn=as_role(bench, role))


def test_a_journal_that_a_role_may_not_use_is_named_with_the_grants(bench: Bench, role: str) -> None:
    with bench.opened():
        pass
    bench.ask(f"GRANT ALL ON goose_db_version TO {role}")
    bench.write("00001_a.sql", "SELECT 1;")
    with pytest.raises(DatabaseError, match=r"may not write the journal greylag\.journal") as caught:
        bench.up(dsn=as_role(bench, role))
    for grant in str(caught.value.hint).partition(": ")[2].split(";")[:2]:
        bench.ask(grant)
    bench.ask(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
    assert bench.up(dsn=as_role(bench, role)) == [1]


@pytest.mark.parametrize(
    ("schema", "table", "named"),
    [
        ("Odd Schema", '"Odd Schema"."Versions of X"', "Odd Schema.Versions of X"),
        ("select", '"select"."from"', "select.from"),
        ('quo"te', '"quo""te".t', 'quo"te.t'),
        ("back\\slash", '"back\\slash"."it\'s"', "back\\slash.it's"),
        ("Größe", '"Größe".versionen', "Größe.versionen"),
        ("plain", "Plain.Folded", "plain.folded"),
    ],
)
@pytest.mark.parametrize("weak", [False, True])
def test_version_tables_of_any_name(
    bench: Bench, role: str, schema: str, table: str, named: str, *, weak: bool
) -> None:
    quoted = '"' + schema.replace('"', '""') + '"'
    bench.ask(f"CREATE SCHEMA {quoted}")
    bench.ask(f"GRANT ALL ON SCHEMA {quoted} TO {role}")
    dsn = as_role(bench, role) if weak else bench.dsn
    bench.write("00001_a.sql", "CREATE TABLE a (n int);", "DROP TABLE a;")
    assert bench.up(dsn=dsn, table=table) == [1]
    assert bench.up(dsn=dsn, table=table) == []
    journal = f"{quoted}.greylag_journal" if weak else "greylag.journal"
    assert bench.ask(f"SELECT history, state FROM {journal}") == [(named, "done")]
    assert bench.ask(f"SELECT version_id FROM {table} ORDER BY id") == [(0,), (1,)]
    bench.table = table
    assert bench.back(dsn=dsn) == [1]


def test_several_version_tables_have_separate_histories(bench: Bench) -> None:
    bench.ask("CREATE SCHEMA billing")
    bench.write("00001_a.sql", "SELECT 1;")
    bench.write("00002_b.sql", "SELECT 2;")
    bench.up()
    bench.remove("00002_b.sql")
    bench.edit("00001_a.sql", "SELECT 1", "SELECT 10")
    assert bench.up(table="billing.goose_db_version") == [1]
    assert bench.up(table="public.other") == [1]
    assert bench.journal("history, version") == [
        ("public.goose_db_version", 1),
        ("public.goose_db_version", 2),
        ("billing.goose_db_version", 1),
        ("public.other", 1),
    ]
    journal = bench.session(table="billing.goose_db_version").journal()
    assert journal is not None
    assert [entry.version for entry in journal.entries()] == [1]
    assert sorted(journal.opening().known) == [1]
    assert journal.content(2) is None


def test_two_spellings_of_one_table_are_one_history(bench: Bench) -> None:
    bench.write("00001_a.sql", "SELECT 1;")
    assert bench.up(table="public.GOOSE_DB_VERSION") == [1]
    assert bench.up(table="goose_db_version") == []
    assert sorted(bench.known()) == [1]


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("plain_1", "plain_1"),
        ("Mixed", '"Mixed"'),
        ('a"b', '"a""b"'),
        ("1st", '"1st"'),
        ("größe", '"größe"'),
        ("select", '"select"'),
        ("user", '"user"'),
        ("left", '"left"'),
        ("", '""'),
    ],
)
def test_identifiers(name: str, quoted: str) -> None:
    assert identifier(name) == quoted


def test_every_word_that_cannot_be_a_schema_is_quoted(bench: Bench) -> None:
    words = bench.ask("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')")
    assert len(words) > 80
    assert [word for (word,) in words if not identifier(word).startswith('"')] == []


@pytest.mark.parametrize("conforming", ["on", "off"])
def test_literals_are_read_back_as_they_were(bench: Bench, conforming: str) -> None:
    with bench.opened() as (custody, _):
        custody.channel.execute(f"SET standard_conforming_strings = {conforming}".encode())
        custody.channel.execute(b"SET escape_string_warning = off")
        for text in ("", "it's", "back\\slash \\' \\n", "''", "\\", "größe €", "a\nb"):
            ((value,),) = custody.channel.fetch(f"SELECT {literal(text)}".encode(), binary=False).rows
            assert (value or b"").decode() == text
    assert literal("a\0b") == "'ab'"


def test_the_two_places() -> None:
    assert place.own() == Place("greylag.journal", "greylag.goose_db_version")
    assert place.beside("Odd") == Place('"Odd".greylag_journal', '"Odd".greylag_journal_version')
