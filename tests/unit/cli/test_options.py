from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from greylag.cli.options import DurationType, Place, VersionType, complete_target
from greylag.errors import TargetError

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


def test_durations_as_goose_writes_them() -> None:
    kind = DurationType()
    assert (kind.convert("1m30s", None, None), kind.convert(2.0, None, None)) == (90.0, 2.0)
    with pytest.raises(click.UsageError, match="'3x' is no duration"):
        kind.convert("3x", None, None)


def test_versions_are_numbers_of_file_names() -> None:
    assert VersionType().convert("20240101000000", None, None) == 20240101000000
    assert VersionType().convert("00007", None, None) == 7
    for word in ("x", "-1", "٣", "1.5", str(2**63), ""):
        with pytest.raises(click.UsageError, match="is no version"):
            VersionType().convert(word, None, None)


def test_a_place_is_the_words_with_what_surrounds_the_process(here: Here) -> None:
    request = Place(("a",), "d", "f").request()
    assert (request.cwd, request.words, request.dsn, request.folder) == (str(here.base), ("a",), "d", "f")
    assert request.environ["DATABASE_URL"] == "sqlite:x.db"


def test_an_unused_variable_is_said_where_a_database_is_meant(here: Here) -> None:
    here.workspace()
    assert [target.name for target in Place(("one@local",), None, None).resolve().targets] == ["one@local"]
    assert "note: DATABASE_URL is set and not used" in here.capfd.readouterr().err
    assert len(Place((), None, None).folders().targets) == 2
    assert here.capfd.readouterr().err == ""
    with pytest.raises(TargetError):
        Place(("nobody",), None, None).resolve()


def test_targets_complete(here: Here) -> None:
    def words(start: str) -> list[str]:
        context = click.Context(click.Command("up"))
        return [item.value for item in complete_target(context, click.Argument(["targets"]), start)]

    assert words("") == [], "no workspace"
    here.workspace()
    assert words("on") == ["one", "one@dev", "one@prod", "one@local"]
    assert words("two@p") == ["two@prod"]
    (here.base / "greylag.toml").write_text("[")
    assert words("") == [], "a config that cannot be read is no reason to spoil a prompt"
