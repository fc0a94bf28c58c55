"""The generated reference pages are those that the commands and errors give, and leave nothing out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from greylag import errors
from greylag.cli.main import HIDDEN, VERBS, greylag_command

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
NAMES = ["commands.md", "errors.md", "goose.md"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    program = [sys.executable, "-m", "greylag.cli.reference", str(folder / "new")]
    subprocess.run(program, check=True, env={"COLUMNS": "40", "FORCE_COLOR": "1"})
    return folder / "new"


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_up_to_date(written: Path, name: str) -> None:
    assert (FOLDER / name).read_bytes() == (written / name).read_bytes(), "make docs writes it anew"


def test_no_other_page_is_written(written: Path) -> None:
    assert sorted(path.name for path in written.iterdir()) == NAMES


def test_every_verb_has_its_section_and_hidden_ones_have_none() -> None:
    sections = re.findall(r"^## greylag (.+)$", (FOLDER / "commands.md").read_text("utf-8"), re.MULTILINE)
    expected = {*VERBS, *_members(greylag_command, click.Context(greylag_command), "")}
    assert sorted(sections) == sorted(expected)
    assert not expected & set(HIDDEN)


def _members(group: click.Group, ctx: click.Context, prefix: str) -> Iterator[str]:
    """Verbs below verbs, as one types them."""
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if prefix:
            yield f"{prefix}{name}"
        if isinstance(command, click.Group):
            yield from _members(command, ctx, f"{prefix}{name} ")


def test_every_error_is_listed_under_a_code_of_its_own() -> None:
    rows = re.findall(r"^\| (G\d{3}) \| `(\w+)` \|", (FOLDER / "errors.md").read_text("utf-8"), re.MULTILINE)
    classes = {
        name: value.code
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.GreylagError)
    }
    assert {name: code for code, name in rows} == classes
    assert len({code for code, _ in rows}) == len(rows) > 15


def test_the_variables_of_goose_are_those_it_prints() -> None:
    from greylag.cli.goose.settings import Settings

    rows = re.findall(r"^\| `([A-Z_]+)` \|", (FOLDER / "goose.md").read_text("utf-8"), re.MULTILINE)
    assert rows == [line.partition("=")[0] for line in Settings({}).lines().splitlines()]
