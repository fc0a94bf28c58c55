"""The table of keys: every line of it is true of itself."""

from __future__ import annotations

import pytest

from greylag.environments.document import Document, toml
from greylag.environments.settings import ENGINES, SECTIONS, SETTINGS, Setting

NAMES = {"environments": "dev", "services": "auth-service", "databases": "girok_auth"}


def written(setting: Setting) -> tuple[str, ...]:
    """The key's path with names for the stars."""
    parts = setting.path.split(".")
    return tuple(
        NAMES[before] if part == "*" else part for before, part in zip(["", *parts], parts, strict=False)
    )


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.path)
def test_the_example_and_the_default_are_values_the_key_takes(setting: Setting) -> None:
    path = written(setting)
    document = Document(f"{'.'.join(path)} = {toml(setting.example)}", "greylag.toml")
    assert document.has(*path)
    assert document.get(*path) == setting.kind.read(setting.example)
    empty = Document("", "greylag.toml")
    assert empty.get(*path) == (None if setting.default is None else setting.kind.read(setting.default))


def test_no_key_stands_twice_and_each_is_in_a_section() -> None:
    paths = [setting.path for setting in SETTINGS]
    assert len(set(paths)) == len(paths)
    for path in paths:
        assert any(path.startswith(f"{section}.") for section in SECTIONS), path


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.path)
def test_meanings_are_sentences(setting: Setting) -> None:
    assert setting.meaning[0].isupper()
    assert setting.meaning.endswith(".")


def test_every_engine_has_a_pattern_for_its_names() -> None:
    patterns = {setting.path for setting in SETTINGS if ".database." in setting.path}
    assert patterns == {f"environments.*.database.{engine}" for engine in ENGINES}
