from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.cli.goose.main import run

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Here


@pytest.mark.parametrize(
    "words", [["-version"], ["-h"], ["-dir", "nowhere", "sqlite3", "x.db", "up"], ["--nope"], ["statsu"], []]
)
def test_it_is_goose_word_for_word(words: list[str], here: Here, capfd: pytest.CaptureFixture[str]) -> None:
    from greylag.cli.guard import outcome
    from greylag.cli.main import greylag_command

    def unstamped(text: str) -> list[str]:
        return [line[20:] if line[:4].isdigit() else line for line in text.splitlines()]

    code = outcome(
        lambda: greylag_command.main(["goose", *words], prog_name="greylag", standalone_mode=False)
    )
    ours = capfd.readouterr()
    assert code == run(words)
    theirs = capfd.readouterr()
    assert unstamped(ours.out) == unstamped(theirs.out) and unstamped(ours.err) == unstamped(theirs.err)
    assert ours.out or ours.err
