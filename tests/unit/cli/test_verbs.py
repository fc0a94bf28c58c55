from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from greylag.cli.verbs import Verbs

TABLE = {"version": ("greylag.cli.look", "Say it."), "no-module": ("greylag.cli.nowhere", "Break.")}


@click.group(cls=Verbs, table=TABLE, hidden={"plan": ("greylag.cli.look", "Hidden.")})
def group() -> None:
    """A group."""


def test_the_list_comes_from_the_table_and_loads_nothing() -> None:
    answer = CliRunner().invoke(group, ["--help"])
    assert answer.exit_code == 0
    assert "version    Say it." in answer.output and "no-module  Break." in answer.output
    assert "plan" not in answer.output


@pytest.mark.parametrize("verb", ["version", "plan"])
def test_listed_and_hidden_verbs_are_found(verb: str) -> None:
    command = group.get_command(click.Context(group), verb)  # type: ignore[attr-defined]
    assert isinstance(command, click.Command) and command.name == verb


def test_an_unknown_verb_is_answered_with_the_nearest() -> None:
    answer = CliRunner().invoke(group, ["versoin"])
    assert answer.exit_code == 2
    assert "no such verb 'versoin'; did you mean 'version'?" in answer.output
    assert "No such command 'xyzzy'" in CliRunner().invoke(group, ["xyzzy"]).output
