from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest

from greylag.cli.schema.group import SCHEMA_VERBS

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


@pytest.mark.parametrize("verb", SCHEMA_VERBS)
def test_every_verb_of_the_table_is_there(verb: str) -> None:
    module, help_line = SCHEMA_VERBS[verb]
    assert isinstance(getattr(import_module(module), verb), click.Command)
    assert help_line.endswith(".")


def test_help_lists_them(here: Here) -> None:
    answer = here.greylag("schema", "--help")
    assert answer.code == 0
    assert all(f"  {verb} " in answer.out for verb in SCHEMA_VERBS)


def test_a_mistyped_one_is_answered_with_the_nearest(here: Here) -> None:
    answer = here.greylag("schema", "dif")
    assert answer.code == 2
    assert "no such verb 'dif'; did you mean 'diff'?" in answer.err
