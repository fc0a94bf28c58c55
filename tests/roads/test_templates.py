"""Every form of ``greylag new --template`` on a real server: up, down, up again, and what it leaves."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from pathlib import Path

BIRDS = "CREATE TABLE birds (id int PRIMARY KEY, name text, seen int, updated_at timestamptz(6))"


class Shop:
    """A folder and a database."""

    def __init__(self, base: Path, dsn: str) -> None:
        self.base, self.dsn = base, dsn
        (base / "m").mkdir()

    def greylag(self, *words: str, code: int = 0) -> str:
        program = [sys.executable, "-m", "greylag", *words, "--dir", "m"]
        answer = subprocess.run(program, cwd=self.base, capture_output=True, text=True)
        assert answer.returncode == code, answer.stdout + answer.stderr
        return answer.stdout + answer.stderr

    def run(self, verb: str, *words: str, code: int = 0) -> str:
        return self.greylag(verb, *words, "--dsn", self.dsn, code=code)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def catalog(self) -> list[tuple[object, ...]]:
        """Columns, constraints, indexes, triggers and functions that are not the system's or the runner's."""
        return self.ask(
            """
            SELECT 'column', attrelid::regclass::text, attname, attnotnull::text FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
              WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped AND relname !~ 'goose|greylag'
            UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, convalidated::text FROM pg_constraint
              WHERE connamespace = 'public'::regnamespace AND conname !~ 'goose|greylag'
            UNION ALL SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, indisvalid::text FROM pg_index JOIN pg_class c
              ON c.oid = indexrelid WHERE relnamespace = 'public'::regnamespace AND relname !~ 'goose|greylag'
            UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT 'function', proname, '', '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            ORDER BY 1, 2, 3
            """
        )


@pytest.fixture
def shop(tmp_path: Path, database: str) -> Shop:
    return Shop(tmp_path, database)


FORMS = {
    "table": ["--on", "worms"],
    "function": ["--on", "birds"],
    "index": ["--on", "birds", "--column", "name"],
    "not-null": ["--on", "birds", "--column", "name", "--value", "'bird ' || id"],
}


@pytest.mark.parametrize("form", FORMS)
def test_up_down_and_up_again(shop: Shop, form: str) -> None:
    shop.ask(BIRDS)
    shop.ask("INSERT INTO birds SELECT g FROM generate_series(1, 500) g")
    before = shop.catalog()
    shop.greylag("new", "form", "--template", form, *FORMS[form])
    assert "now at version" in shop.run("up")
    after = shop.catalog()
    shop.run("down-to", "0")
    assert shop.catalog() == before
    shop.run("up")
    assert shop.catalog() == after != before


def test_every_step_of_the_series_is_taken_back_exactly(shop: Shop) -> None:
    shop.ask(BIRDS)
    shop.greylag("new", "form", "--template", "not-null", *FORMS["not-null"])
    states = [shop.catalog()]
    for _ in range(4):
        shop.run("up-by-one")
        states.append(shop.catalog())
    for state in states[-2::-1]:
        shop.run("down")
        assert shop.catalog() == state


def test_the_filling_goes_in_batches_and_again(shop: Shop) -> None:
    shop.ask(BIRDS)
    shop.ask(
        "INSERT INTO birds SELECT g, CASE WHEN g % 10 = 0 THEN 'own' END FROM generate_series(1, 10000) g"
    )
    shop.greylag("new", "form", "--template", "not-null", *FORMS["not-null"])
    shop.run("up-by-one")
    assert shop.ask("SELECT count(*) FROM birds WHERE name = 'bird ' || id") == [(9000,)]
    assert shop.ask("SELECT count(*) FROM birds WHERE name = 'own'") == [(1000,)]
    ((batches,),) = shop.ask("SELECT count(DISTINCT xmin::text) FROM birds WHERE name <> 'own'")
    assert int(str(batches)) > 2
    shop.ask("UPDATE birds SET name = NULL WHERE id < 6")
    shop.run("redo")
    assert shop.ask("SELECT count(name) FROM birds") == [(10000,)]
    shop.run("up")


def test_updates_of_unfilled_rows_pass_until_the_check_is_there(shop: Shop) -> None:
    shop.ask(BIRDS)
    shop.ask("INSERT INTO birds VALUES (1)")
    shop.greylag("new", "form", "--template", "not-null", *FORMS["not-null"])
    shop.run("up-by-one")
    shop.ask("INSERT INTO birds VALUES (2)")
    shop.ask("UPDATE birds SET seen = 1")
    shop.run("up-by-one")
    with pytest.raises(psycopg.errors.CheckViolation):
        shop.ask("UPDATE birds SET seen = 2 WHERE id = 2")
    assert "23514" in shop.run("up", code=1)
    shop.ask("UPDATE birds SET name = 'late' WHERE id = 2")
    shop.run("up")


def test_the_filling_reaches_every_partition(shop: Shop) -> None:
    shop.ask("CREATE TABLE birds (id int, name text) PARTITION BY RANGE (id)")
    shop.ask("CREATE TABLE few PARTITION OF birds FOR VALUES FROM (0) TO (10)")
    shop.ask("CREATE TABLE many PARTITION OF birds FOR VALUES FROM (10) TO (100000)")
    shop.ask("INSERT INTO birds SELECT g FROM generate_series(1, 20000) g")
    shop.greylag("new", "form", "--template", "not-null", *FORMS["not-null"])
    shop.run("up")
    assert shop.ask("SELECT count(name) FROM birds") == [(20000,)]


def test_a_value_that_is_null_itself_fails_and_does_not_go_on_for_ever(shop: Shop) -> None:
    shop.ask(BIRDS)
    shop.ask("INSERT INTO birds VALUES (1)")
    shop.greylag(
        "new", "form", "--template", "not-null", "--on", "birds", "--column", "name", "--value", "seen::text"
    )
    assert "there still are rows without a value" in shop.run("up", code=1)


def test_the_trigger_does_what_it_says(shop: Shop) -> None:
    shop.ask(BIRDS)
    shop.ask("INSERT INTO birds (id, updated_at) VALUES (1, '2000-01-01')")
    shop.greylag("new", "form", "--template", "function", "--on", "birds")
    shop.run("up")
    shop.ask("UPDATE birds SET seen = 1")
    assert shop.ask("SELECT updated_at > now() - interval '1 hour' FROM birds") == [(True,)]


def test_a_trigger_for_a_column_that_is_not_there_is_refused_at_once(shop: Shop) -> None:
    shop.ask(BIRDS)
    shop.greylag("new", "form", "--template", "function", "--on", "birds", "--column", "changed_at")
    assert "42703" in shop.run("up", code=1)
    assert not [row for row in shop.catalog() if row[0] in ("trigger", "function")]


def test_names_that_need_quotes(shop: Shop) -> None:
    shop.ask('CREATE SCHEMA "My"')
    shop.ask('CREATE TABLE "My"."User" (id int, "order" text, "updatedAt" timestamptz)')
    shop.ask('INSERT INTO "My"."User" VALUES (1)')
    for form, column in (("function", "updatedAt"), ("index", "order"), ("not-null", "order")):
        words = ["--value", "'x'"] if form == "not-null" else []
        shop.greylag("new", form, "--template", form, "--on", "My.User", "--column", column, *words)
    shop.run("up")
    assert shop.ask('SELECT "order", "updatedAt" IS NULL FROM "My"."User"') == [("x", False)]
    shop.run("down-to", "0")
    shop.run("up")


@pytest.mark.parametrize("form", FORMS)
def test_open_blanks_fail_in_both_directions(shop: Shop, form: str) -> None:
    made = shop.greylag("new", "form", "--template", form).split()
    for path in made:
        text = (shop.base / path).read_text()
        (shop.base / path).unlink()
        (shop.base / "m" / "1_open.sql").write_text(text)
        assert "42601" in shop.run("up", code=1)
        if "_fill" not in path:
            turned = shop.greylag("new", "--reverse", "1").strip()
            (shop.base / "m" / "1_open.sql").write_text((shop.base / turned).read_text())
            (shop.base / turned).unlink()
            assert "42601" in shop.run("up", code=1)


@pytest.mark.peer
def test_the_real_goose_runs_them_too(shop: Shop, goose_binary: Path) -> None:
    shop.ask(BIRDS)
    shop.ask("INSERT INTO birds SELECT g FROM generate_series(1, 10000) g")
    before = shop.catalog()
    for form in ("function", "index", "not-null"):
        shop.greylag("new", form, "--template", form, *FORMS[form])
    for words in (("up",), ("down-to", "0"), ("up",)):
        program = [str(goose_binary), "-dir", "m", "postgres", shop.dsn, *words]
        answer = subprocess.run(program, cwd=shop.base, capture_output=True, text=True)
        assert answer.returncode == 0, answer.stderr
        assert (shop.catalog() == before) == (words[0] == "down-to")
    ((batches,),) = shop.ask("SELECT count(DISTINCT xmin::text) FROM birds")
    assert int(str(batches)) > 2
