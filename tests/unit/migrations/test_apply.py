"""Files are parsed when their turn comes, and the engine gets what it is to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.errors import GoMigrationError, ParseError
from greylag.migrations.apply import apply, scripts
from greylag.migrations.parser import ParseOptions
from greylag.migrations.plan import Step
from greylag.model.migration import Migration, Script

if TYPE_CHECKING:
    from pathlib import Path


def step(folder: Path, version: int, text: str | None, ending: str = "sql") -> Step:
    path = folder / f"{version}_x.{ending}"
    if text is not None:
        path.write_text(text)
    return Step(Migration(version, str(path)), "up")


def test_a_broken_later_file_does_not_keep_earlier_ones_back(tmp_path: Path) -> None:
    steps = [step(tmp_path, 1, "-- +goose Up\nSELECT 1;\n"), step(tmp_path, 2, "SELECT 2;\n")]
    made = scripts(steps, ParseOptions())
    first = next(made)
    assert (first.migration.version, [statement.text for statement in first.statements]) == (1, ["SELECT 1;"])
    with pytest.raises(ParseError):
        next(made)


def test_a_file_is_read_when_its_turn_comes(tmp_path: Path) -> None:
    steps = [step(tmp_path, 1, "-- +goose Up\nSELECT 1;\n"), step(tmp_path, 2, None)]
    made = scripts(steps, ParseOptions())
    next(made)
    step(tmp_path, 2, "-- +goose Up\nSELECT 'late';\n")
    assert [statement.text for statement in next(made).statements] == ["SELECT 'late';"]


def test_a_go_migration_ends_the_run_at_its_turn(tmp_path: Path) -> None:
    made = scripts(
        [step(tmp_path, 1, "-- +goose Up\nSELECT 1;\n"), step(tmp_path, 2, "", "go")], ParseOptions()
    )
    assert next(made).migration.version == 1
    with pytest.raises(GoMigrationError) as caught:
        next(made)
    assert caught.value.migration.version == 2


class Recorder:
    """An engine that only notes what it is given."""

    def apply(self, given: Any, **named: Any) -> Any:
        self.scripts: list[Script] = list(given)
        self.named = named
        return iter(("ran",))


def test_options_reach_parser_and_engine(tmp_path: Path) -> None:
    text = "-- +goose ENVSUB ON\n-- +goose Up\nSELECT '${WHO}';\n"
    engine, told = Recorder(), print
    parse_options = ParseOptions(lookup={"WHO": "me"}.get)
    events = apply(engine, [step(tmp_path, 1, text)], parse_options=parse_options, record=False, trace=told)  # type: ignore[arg-type]
    assert list(events) == ["ran"]
    assert [statement.text for statement in engine.scripts[0].statements] == ["SELECT 'me';"]
    assert engine.named == {"record": False, "trace": told}
