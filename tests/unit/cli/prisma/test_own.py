from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from greylag.operations import prisma_own

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


@pytest.mark.parametrize("verb", ["generate", "studio", "validate", "format", "version"])
def test_a_verb_hands_itself_and_its_words_on(here: Here, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    asked: list[Any] = []
    own = prisma_own.OwnPrisma("prisma", "6.19.3")
    monkeypatch.setattr(prisma_own, "find_prisma", lambda *words: asked.append(words) or own)
    monkeypatch.setattr(prisma_own, "become", lambda *words: asked.append(words))
    here.greylag("prisma", verb, "--schema", "a b", "--help")
    words = ("--schema", "a b", "--help")
    assert asked == [(words, os.getcwd(), os.environ), (own, (verb, *words), os.environ)]


def test_without_node_it_says_so(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(here.base))
    answer = here.greylag("prisma", "generate")
    assert answer.code == 2 and "there is no Node to run it" in answer.err
    assert "greylag prisma db pull needs neither" in answer.err
