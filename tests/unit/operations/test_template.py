from __future__ import annotations

from pathlib import Path

import pytest

from greylag.errors import UsageError
from greylag.migrations.parser import parse
from greylag.model.migration import Migration
from greylag.operations import template
from greylag.operations.template import FORMS, Blanks, drafts

FULL = {
    "table": Blanks("app.birds"),
    "function": Blanks("birds"),
    "index": Blanks("app.birds", "Name"),
    "not-null": Blanks("birds", "name", "'x'"),
}


def filled(form: str) -> list[tuple[str, str]]:
    return drafts("Do It", form, "postgres", FULL[form])


def test_every_file_belongs_to_a_form() -> None:
    used = [f"{file}.sql" for form in FORMS.values() for _, file in form.files]
    folder = Path(template.__file__).parent / "templates"
    assert sorted(used) == sorted(path.name for path in folder.iterdir())


def test_the_files_of_a_series_say_what_they_do() -> None:
    assert [name for name, _ in filled("not-null")] == [
        "do_it_fill", "do_it_check", "do_it_validate", "do_it_set",
    ]  # fmt: skip
    assert [name for name, _ in filled("index")] == ["do_it"]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_left_open_when_all_is_said(form: str, tmp_path: Path) -> None:
    for name, text in filled(form):
        assert "<" not in text.replace("ctid <", "") and "{" not in text and "Put your own words" not in text
        path = tmp_path / f"1_{name}.sql"
        path.write_text(text)
        assert parse(Migration(1, str(path)), "up").count > 0
        assert (parse(Migration(1, str(path)), "down").count > 0) == (name != "do_it_fill")


@pytest.mark.parametrize(
    ("form", "blanks", "words"),
    [
        ("table", Blanks(), "<table>"),
        ("function", Blanks(column="updated_at"), "<table>"),
        ("index", Blanks(), "<table> and <column>"),
        ("index", Blanks(on="birds"), "<column>"),
        ("index", Blanks(column="name"), "<table>"),
    ],
)
def test_what_is_left_open_is_said_at_the_top(form: str, blanks: Blanks, words: str) -> None:
    ((_, text),) = drafts("x", form, "postgres", blanks)
    assert text.startswith(f"-- Put your own words in the place of {words}: ")


def test_only_the_file_that_needs_a_value_asks_for_it() -> None:
    texts = [text for _, text in drafts("x", "not-null", "postgres", Blanks("birds", "name"))]
    assert ["<value>" in text for text in texts] == [True, False, False, False]


def test_the_index_is_dropped_in_the_schema_of_its_table() -> None:
    ((_, text),) = filled("index")
    assert 'CREATE INDEX CONCURRENTLY "idx_birds_Name" ON app.birds ("Name");' in text
    assert 'DROP INDEX CONCURRENTLY IF EXISTS app."idx_birds_Name";' in text
    assert "IF NOT EXISTS idx" not in text and text.startswith("-- +goose NO TRANSACTION\n")


@pytest.mark.parametrize("engine", ["sqlite", "clickhouse"])
@pytest.mark.parametrize("form", FORMS)
def test_other_engines_are_told_what_is_there_for_them(form: str, engine: str) -> None:
    with pytest.raises(UsageError, match=f"is for PostgreSQL, and this target is {engine}") as caught:
        drafts("x", form, engine, Blanks())
    assert (caught.value.hint or "").startswith("greylag new x; ")


@pytest.mark.parametrize(
    ("form", "blanks", "said"),
    [
        ("index", Blanks(value="1"), "no use for --value"),
        ("table", Blanks(column="a"), "no use for --column"),
        ("table", Blanks(on="a.b.c"), "no name of a table"),
        ("index", Blanks(on="a", column="b.c"), "no name of a column"),
        ("index", Blanks(on="a", column='"'), "no name of a column"),
        ("not-null", Blanks(value="1\n-- +goose Down"), "one line of SQL"),
    ],
)
def test_what_cannot_be_meant(form: str, blanks: Blanks, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        drafts("x", form, "postgres", blanks)
