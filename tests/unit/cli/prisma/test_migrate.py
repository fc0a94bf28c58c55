from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from greylag.operations import prisma_own
from greylag.operations.prisma_ways import WAYS

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


@pytest.mark.parametrize("words", WAYS)
def test_what_changes_a_database_is_refused_with_the_way_to_do_it(here: Here, words: str) -> None:
    answer = here.greylag("prisma", *words.split(), "--name", "x", "--help")
    assert answer.code == 2 and answer.out == ""
    assert f"prisma {words} is not used here: goose's migrations alone change a database" in answer.err
    assert WAYS[words] in answer.err and "greylag " in WAYS[words]


@pytest.mark.parametrize("verb", ["diff", "status"])
def test_what_only_looks_goes_to_prisma(here: Here, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    asked: list[Any] = []
    own = prisma_own.OwnPrisma("prisma", "")
    monkeypatch.setattr(prisma_own, "find_prisma", lambda *words: own)
    monkeypatch.setattr(prisma_own, "become", lambda own, words, environ: asked.append(words))
    here.greylag("prisma", "migrate", verb, "--exit-code")
    assert asked == [("migrate", verb, "--exit-code")]
