"""The page on naming targets tells the truth about the example workspace."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from greylag.environments.targets import select
from greylag.environments.workspace import load
from greylag.errors import TargetError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "name-a-target.md").read_text(encoding="utf-8")
WORKSPACE = load(str(ROOT / "examples" / "my-girok" / "greylag.toml"))
ROWS = re.findall(r"^\| `([^`]+)` \| (.+) \|$", PAGE, re.MULTILINE)
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize(("word", "targets"), ROWS)
def test_words_mean_what_the_table_says(word: str, targets: str) -> None:
    assert [target.name for target in select(WORKSPACE, [word])] == targets.split(", ")


def test_the_page_has_words_and_commands() -> None:
    assert len(ROWS) >= 6
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("greylag ")])
def test_the_targets_of_its_commands_are_there(command: str) -> None:
    words = [word for word in shlex.split(command)[2:] if not word.startswith("-")]
    assert select(WORKSPACE, words)


def test_the_variables_are_those_that_are_asked_in_that_order() -> None:
    exported = [re.match(r"export (\w+)=", line) for line in COMMANDS]
    names = tuple(match[1] for match in exported if match)
    (target,) = select(WORKSPACE, ["auth-service@dev"])
    assert target.secrets is not None
    assert names == target.secrets.variables


def test_a_used_database_is_refused_as_it_says() -> None:
    assert "`identity-service/legal@dev` is refused, and the error names `legal-service/legal@dev`" in PAGE
    with pytest.raises(TargetError) as caught:
        select(WORKSPACE, ["identity-service/legal@dev"])
    assert "legal-service/legal@dev" in str(caught.value.hint)
