from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

import greylag
from greylag.cli.main import HIDDEN, VERBS, greylag_command, main

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


@pytest.mark.parametrize("verb", [*VERBS, *HIDDEN])
def test_every_verb_of_the_table_is_there(verb: str) -> None:
    command = greylag_command.get_command(click.Context(greylag_command), verb)
    assert command is not None and command.help


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "goose"])
def test_every_verb_explains_itself(verb: str, here: Here) -> None:
    for flag in ("-h", "--help"):
        answer = here.greylag(verb, flag)
        assert (answer.code, answer.err) == (0, "") and f"Usage: greylag {verb} " in answer.out


def test_help_lists_every_verb_and_imports_none(here: Here) -> None:
    answer = here.greylag("-h")
    assert answer.code == 0 and all(f"  {verb} " in answer.out for verb in VERBS)
    code = (
        "import sys\nfrom greylag.cli.main import greylag_command\n"
        "greylag_command.main(['-h'], standalone_mode=False)\n"
        "print([m for m in sys.modules if m in ('psycopg', 'greylag.cli.run', 'greylag.cli.look')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.endswith("\n[]\n")


def test_an_unknown_verb_names_the_nearest(here: Here) -> None:
    answer = here.greylag("statsu")
    assert answer.code == 2 and "no such verb 'statsu'; did you mean 'status'?" in answer.err
    answer = here.greylag("qqqq")
    assert answer.code == 2 and "No such command 'qqqq'" in answer.err
    assert here.greylag("up", "--nope").code == 2


def test_the_version(here: Here) -> None:
    assert here.greylag("--version").out == f"greylag {greylag.__version__}\n"


def test_the_script(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["greylag", "plan", "--for", "dinner"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2 and "'dinner' cannot be planned" in capsys.readouterr().err
