from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from greylag.cli.main import greylag_command
from greylag.cli.manual import shown

if TYPE_CHECKING:
    import pytest


def test_a_page_for_a_terminal() -> None:
    text = "# 1: t\n\nSee [the page](x/y.md).\n\n```sql\n# no heading [a](b)\n\n```\n"
    assert shown(text) == ["1: t", "", "See the page.", "", "    # no heading [a](b)", ""]


def test_headings_stand_out_in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert shown("# head\ntext") == ["\033[1mhead\033[0m", "text"]


def test_the_verb() -> None:
    answer = CliRunner().invoke(greylag_command, ["explain", "42804"], standalone_mode=False)
    assert answer.return_value == 0 and answer.output.startswith("42804: ")
    everything = CliRunner().invoke(greylag_command, ["explain"], standalone_mode=False).output
    assert "| `42804` | " in everything and "](" not in everything


def test_the_shell_is_offered_pages() -> None:
    environ = {"_GREYLAG_COMPLETE": "bash_complete", "COMP_WORDS": "greylag explain 42p", "COMP_CWORD": "2"}
    answer = CliRunner().invoke(greylag_command, prog_name="greylag", env=environ)
    assert "plain,42P10" in answer.output.splitlines()
