"""What verbs may be told, and goose's way to read files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.errors import ParseError
from greylag.migrations.parser import parse
from greylag.model.migration import Migration
from greylag.operations.options import RunOptions, any_line_options, parse_options

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_said_is_the_careful_way() -> None:
    options = RunOptions()
    assert (options.allow_missing, options.record, options.trace) == (False, True, None)


def test_variables_and_listener_reach_the_parser(tmp_path: Path) -> None:
    (tmp_path / "1_a.sql").write_text("-- +goose ENVSUB ON\n-- +goose Up\nSELECT '${WHO}';\n")
    heard: list[str] = []
    options = parse_options({"WHO": "me"}.get, heard.append)
    script = parse(Migration(1, str(tmp_path / "1_a.sql")), "up", options)
    assert [statement.text for statement in script.statements] == ["SELECT 'me';"]
    assert heard


def test_goose_refuses_a_line_that_greylag_takes(tmp_path: Path) -> None:
    (tmp_path / "1_a.sql").write_text("-- +goose Up\nSELECT '" + "x" * (4 << 20) + "';\n")
    migration = Migration(1, str(tmp_path / "1_a.sql"))
    with pytest.raises(ParseError, match="token too long"):
        parse(migration, "up", parse_options({}.get, None))
    assert parse(migration, "up", any_line_options()).count == 1
