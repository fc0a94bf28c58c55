from __future__ import annotations

from greylag.model.migration import Statement
from greylag.operations.troubles.trouble import AGAIN, Scene, Trouble

SCENE = Scene(
    "42P01", 'relation "a" does not exist', path="m/0012_a.sql", statement=Statement("SELECT 1;", 3)
)


def test_what_a_scene_tells() -> None:
    assert (SCENE.text, SCENE.name, SCENE.version) == ("SELECT 1;", "0012_a.sql", "0012")
    assert Scene("x", "y").text == Scene("x", "y").name == ""
    assert SCENE.said('relation "(.+)"(!)?') == ("a", "")
    assert SCENE.said("column") is None


def test_an_entry_fits_by_code_and_words() -> None:
    assert Trouble("42P01", "h").fits(SCENE)
    assert Trouble("42P01", "h", says="^relation").fits(SCENE)
    assert not Trouble("42P01", "h", says="^column").fits(SCENE)
    assert not Trouble("42703", "h").fits(SCENE)


def test_a_hint_ends_with_what_to_do_then() -> None:
    assert Trouble("42P01", "h").advice(SCENE) == f"h\n{AGAIN}"
    assert Trouble("42P01", lambda scene: scene.name, again="").advice(SCENE) == "0012_a.sql"
    assert Trouble("42P01", lambda scene: None).advice(SCENE) is None


def test_the_page_is_named_by_the_code_unless_it_has_a_name() -> None:
    assert Trouble("42P01", "h").shown_on == "42P01"
    assert Trouble("42P01", "h", page="search-path").shown_on == "search-path"
