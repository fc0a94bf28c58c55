"""A refusal that can be followed: the commands it names exist and undo the same migrations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from greylag.cli.protected import BACK, forward_recipe, refusal

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


@pytest.mark.parametrize(
    ("verb", "version", "command"),
    [
        ("down", None, "greylag new --reverse VERSION one@prod   (greylag version one@prod tells it)"),
        ("redo", None, "greylag new --reverse VERSION one@prod   (greylag version one@prod tells it)"),
        ("down-to", 7, "greylag new --reverse-to 7 one@prod"),
        ("reset", None, "greylag new --reverse-to 0 one@prod"),
    ],
)
def test_the_recipe_begins_with_the_real_command(verb: str, version: int | None, command: str) -> None:
    lines = forward_recipe("one@prod", verb, version).splitlines()
    assert lines[0] == "go forward instead:" and lines[1] == f"  {command}"
    assert "git commit" in lines[-1] and "greylag up" in lines[-1]
    assert ("greylag new NAME one@prod" in "\n".join(lines)) == (verb == "redo")


def test_every_verb_that_goes_back_has_one() -> None:
    assert all("--reverse" in (refusal("one@prod", verb, 1).hint or "") for verb in BACK)


def test_what_the_recipe_says_can_be_done(here: Here) -> None:
    here.workspace()
    answer = here.greylag("reset", "two@prod")
    assert answer.code == 2 and "two@prod is protected: reset is refused there" in answer.err
    found = re.search(r"greylag (new --reverse-to 0 two@prod)$", answer.err, re.MULTILINE)
    assert found is not None
    assert here.greylag(*found[1].split()).lines == ["services/two/migrations/00002_reverse_t.sql"]
    answer = here.greylag("down-to", "4", "two@prod")
    assert answer.code == 2 and "greylag new --reverse-to 4 two@prod" in answer.err
