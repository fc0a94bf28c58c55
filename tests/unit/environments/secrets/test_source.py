"""What a source is."""

from __future__ import annotations

from greylag.environments.secrets.registry import SOURCES
from greylag.environments.settings import SETTINGS


def test_a_source_either_answers_or_says_how_one_gets_the_value() -> None:
    assert [bool(source.ask) != bool(source.command) for source in SOURCES.values()] == [True] * len(SOURCES)


def test_the_config_takes_exactly_the_sources_there_are() -> None:
    (order,) = (setting for setting in SETTINGS if setting.path == "secrets.order")
    assert order.kind.read(list(SOURCES)) == tuple(SOURCES)
    assert order.kind.name == "a list of " + ", ".join(f'"{word}"' for word in SOURCES)
